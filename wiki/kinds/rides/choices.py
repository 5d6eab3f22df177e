"""The words that rides are told apart by."""

from django.db import models


class Category(models.TextChoices):
    ROLLER_COASTER = "roller-coaster", "Roller coaster"
    WATER = "water", "Water ride"
    DARK = "dark", "Dark ride"
    FLAT = "flat", "Flat ride"
    TRANSPORT = "transport", "Transport"
    SHOW = "show"
    PLAYGROUND = "playground"
    WALKTHROUGH = "walkthrough"
    OTHER = "other"


class Status(models.TextChoices):
    ANNOUNCED = "announced"
    PLANNED = "planned"
    UNDER_CONSTRUCTION = "under-construction", "Under construction"
    OPERATING = "operating"
    CLOSED_FOR_NOW = "closed-for-now", "Closed for now"
    STANDING = "standing", "Standing but not operating"
    CLOSED = "closed"
    RELOCATED = "relocated"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class Material(models.TextChoices):
    STEEL = "steel"
    WOOD = "wood"
    HYBRID = "hybrid"
    OTHER = "other"


class Seating(models.TextChoices):
    SIT_DOWN = "sit-down", "Sit-down"
    INVERTED = "inverted"
    SUSPENDED = "suspended"
    FLOORLESS = "floorless"
    WING = "wing"
    FLYING = "flying"
    STAND_UP = "stand-up", "Stand-up"
    SPINNING = "spinning"
    FOURTH_DIMENSION = "4d", "4th dimension"
    BOBSLED = "bobsled"
    PIPELINE = "pipeline"
    SINGLE_RAIL = "single-rail", "Single rail"
    OTHER = "other"


class Lift(models.TextChoices):
    CHAIN = "chain", "Chain lift hill"
    CABLE = "cable", "Cable lift hill"
    TYRES = "tyres", "Drive tyres"
    SPIRAL = "spiral", "Spiral lift"
    ELEVATOR = "elevator", "Elevator lift"
    LSM = "lsm", "LSM launch"
    LIM = "lim", "LIM launch"
    HYDRAULIC = "hydraulic", "Hydraulic launch"
    PNEUMATIC = "pneumatic", "Pneumatic launch"
    FLYWHEEL = "flywheel", "Flywheel launch"
    WEIGHT = "weight", "Weight drop launch"
    POWERED = "powered", "Powered train"
    GRAVITY = "gravity", "Gravity alone"
    OTHER = "other"


class Motion(models.TextChoices):
    ROTATING = "rotating"
    SWINGING = "swinging"
    PENDULUM = "pendulum"
    DROPPING = "dropping"
    FREE_FALL = "free-fall", "Free fall"
    OBSERVATION = "observation"
    MIXED = "mixed"
