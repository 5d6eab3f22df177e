"""The words that rides are told apart by."""

from django.db import models


class Category(models.TextChoices):
    ROLLER_COASTER = "roller-coaster", "roller coaster"
    WATER = "water", "water ride"
    DARK = "dark", "dark ride"
    FLAT = "flat", "flat ride"
    TRANSPORT = "transport", "transport"
    SHOW = "show"
    PLAYGROUND = "playground"
    WALKTHROUGH = "walkthrough"
    OTHER = "other"


class Status(models.TextChoices):
    ANNOUNCED = "announced"
    PLANNED = "planned"
    UNDER_CONSTRUCTION = "under-construction", "under construction"
    OPERATING = "operating"
    CLOSED_FOR_NOW = "closed-for-now", "closed for now"
    STANDING = "standing", "standing but not operating"
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
    SIT_DOWN = "sit-down", "sit-down"
    INVERTED = "inverted"
    SUSPENDED = "suspended"
    FLOORLESS = "floorless"
    WING = "wing"
    FLYING = "flying"
    STAND_UP = "stand-up", "stand-up"
    SPINNING = "spinning"
    FOURTH_DIMENSION = "4d", "4th dimension"
    BOBSLED = "bobsled"
    PIPELINE = "pipeline"
    SINGLE_RAIL = "single-rail", "single rail"
    OTHER = "other"


class Lift(models.TextChoices):
    CHAIN = "chain", "chain lift hill"
    CABLE = "cable", "cable lift hill"
    TYRES = "tyres", "drive tyres"
    SPIRAL = "spiral", "spiral lift"
    ELEVATOR = "elevator", "elevator lift"
    LSM = "lsm", "LSM launch"
    LIM = "lim", "LIM launch"
    HYDRAULIC = "hydraulic", "hydraulic launch"
    PNEUMATIC = "pneumatic", "pneumatic launch"
    FLYWHEEL = "flywheel", "flywheel launch"
    WEIGHT = "weight", "weight drop launch"
    POWERED = "powered", "powered train"
    GRAVITY = "gravity", "gravity alone"
    OTHER = "other"


class Motion(models.TextChoices):
    ROTATING = "rotating"
    SWINGING = "swinging"
    PENDULUM = "pendulum"
    DROPPING = "dropping"
    FREE_FALL = "free-fall", "free fall"
    OBSERVATION = "observation"
    MIXED = "mixed"
