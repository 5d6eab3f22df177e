"""Idioms of Django's users that met the engine: each does what Django does, or says why not."""

from typing import Any

import pytest

from tests.evolution.project import Project

MODELS = """
from django.contrib.auth.models import User
from django.db import models
from versioning import HistoricalRecords, References, VersionControlManager, VersionedModel


class Stamped(models.Model):
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Doctor(Stamped, VersionedModel):
    name = models.CharField(max_length=10)
    room = models.CharField(max_length=10, default="none")
    account = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Surgeon(Doctor):
    class Meta:
        proxy = True


class Patient(VersionedModel):
    name = models.CharField(max_length=10)
    doctors = References(Doctor, related_name="patients", blank=True)
    history = HistoricalRecords()


class Bill(models.Model):
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT)
"""


@pytest.fixture
def clinic(empty: Project) -> Project:
    empty.models(MODELS)
    empty.migrate()
    return empty


def sound() -> None:
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    assert audit(merges=True).findings == ()
    assert rebuild().mended == 0


def checked() -> None:
    from django.core.management import call_command
    from shop.models import Doctor, Surgeon

    call_command("check")
    assert Surgeon.objects.create(name="A").pk == Doctor.objects.get().pk


def test_a_proxy_is_no_parent_with_a_table(clinic: Project) -> None:
    clinic.run(checked)


def delete_account() -> None:
    from django.contrib.auth.models import User
    from shop.models import Doctor

    account = User.objects.create(username="u")
    doctor = Doctor.objects.create(name="A", account=account)
    account.delete()
    doctor.refresh_from_db()
    assert (doctor.account, doctor.version) == (None, 2)
    Doctor._base_manager.all().delete()
    assert not Doctor.objects.exists()
    sound()


def test_a_mixin_may_come_first(clinic: Project) -> None:
    clinic.run(delete_account)


def refer_from_the_other_side() -> None:
    from shop.models import Doctor, Patient

    from eventstore.models import Changeset
    from versioning import branch_context
    from versioning.branches.fork import fork

    doctor, other = (Doctor.objects.create(name=name) for name in "AB")
    first, second = (Patient.objects.create(name=name) for name in "PQ")
    first.doctors.set([other])

    def named() -> list[str]:
        return sorted(doctor.patients.values_list("name", flat=True))

    before = Changeset.objects.count()
    doctor.patients.add(first, second)
    assert (named(), Changeset.objects.count()) == (["P", "Q"], before + 1)
    assert [each.name for each in first.doctors.all()] == ["B", "A"]
    doctor.patients.remove(first)
    assert named() == ["Q"]
    doctor.patients.set([first.pk])
    assert named() == ["P"]
    doctor.patients.create(name="R")
    assert named() == ["P", "R"]
    fork("x")
    with branch_context("x"):
        there = Doctor.objects.get(pk=doctor.pk)
        there.patients.clear()
        assert not there.patients.exists()
    assert named() == ["P", "R"]
    with pytest.raises(Patient.DoesNotExist, match="There is no patient"):
        doctor.patients.add(doctor.pk)
    doctor.patients.clear()
    assert named() == []
    assert [each.name for each in first.doctors.all()] == ["B"]
    for manager, other_model in ((doctor.patients, doctor), (first.doctors, first)):
        with pytest.raises(TypeError, match="instance expected"):
            manager.add(other_model)
    sound()


def test_references_are_edited_from_both_sides(clinic: Project) -> None:
    clinic.run(refer_from_the_other_side)


def copy() -> None:
    from shop.models import Doctor

    from versioning import branch_context
    from versioning.branches.fork import fork
    from versioning.saving.recorded import IncompleteCopy

    doctor = Doctor.objects.create(name="A", room="7")
    fork("x")
    for branch in ("main", "x"):
        for is_said in (False, True):
            with branch_context(branch):
                made = Doctor.objects.get(pk=doctor.pk)
                made.pk = None
                made._state.adding = is_said or made._state.adding
                made.save()
                assert (made.version, made.room, made.pk == doctor.pk) == (1, "7", False)
    part = Doctor.objects.only("name").get(pk=doctor.pk)
    part.pk, part._state.adding = None, True
    with pytest.raises(IncompleteCopy, match="without account_id, room"):
        part.save()
    sound()


def test_an_instance_is_copied_as_django_tells(clinic: Project) -> None:
    clinic.run(copy)


def save_what_is_gone() -> None:
    from shop.models import Doctor, Patient

    from versioning.entities.kinds import kind_of
    from versioning.saving.edits import record_restoration
    from versioning.saving.model import EntityIsDeleted

    doctor = Doctor.objects.create(name="A")
    doctor.delete()
    with pytest.raises(EntityIsDeleted, match="This doctor was deleted"):
        doctor.save()
    record_restoration(kind_of(Doctor), doctor.pk)
    doctor.refresh_from_db()
    doctor.name = "Back"
    doctor.save()
    assert Doctor.objects.get().name == "Back"
    doctor.delete()
    doctor.pk = None
    doctor.save()
    assert Doctor.objects.get().pk == doctor.pk
    patient = Patient.objects.create(name="P")
    Patient.objects.filter(pk=patient.pk).delete()
    with pytest.raises(Patient.NotUpdated):
        patient.save(force_update=True)
    sound()


def test_what_was_deleted_is_not_saved_without_a_word(clinic: Project) -> None:
    clinic.run(save_what_is_gone)


def touch() -> None:
    from shop.models import Doctor

    from versioning import branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.branches.sync import sync

    Doctor.objects.create(name="A")
    branch = fork("x")
    one, other = Doctor.objects.get(), Doctor.objects.get()
    one.name = "B"
    one.save()
    other.room = "7"
    other.save()
    with branch_context("x"):
        there = Doctor.objects.get()
        there.account_id = None
        there.name = "A"
        there.save()
        touched = there.touched_at
    sync(branch)
    branch.refresh_from_db()
    merge(branch)
    doctor = Doctor.objects.get()
    assert (doctor.name, doctor.room, doctor.touched_at) == ("B", "7", touched)
    sound()


def test_when_it_was_saved_last_is_no_conflict(clinic: Project) -> None:
    clinic.run(touch)


def delete_on_a_branch() -> None:
    from django.contrib.auth.models import User
    from django.db import transaction
    from shop.models import Bill, Doctor

    from versioning import UnresolvedConflicts, branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.saving.unversioned import RowOfAllBranches

    account = User.objects.create(username="u")
    doctor = Doctor.objects.create(name="A", account=account)
    Bill.objects.create(doctor=doctor)
    branch = fork("x")
    with branch_context("x"):
        Doctor.objects.get().delete()
        assert not Doctor.objects.exists()
        with pytest.raises(RowOfAllBranches, match="A user has no branches"), transaction.atomic():
            account.delete()
        Bill.objects.create(doctor=doctor).delete()
    with pytest.raises(UnresolvedConflicts):
        merge(branch)
    with branch_context():
        account.delete()
    doctor.refresh_from_db()
    assert doctor.account is None
    sound()


def test_rows_without_versions_are_of_all_branches(clinic: Project) -> None:
    clinic.run(delete_on_a_branch)


def fork_at(at: Any) -> str:
    from versioning.branches.fork import fork
    from versioning.viewpoints.moments import NoSuchMoment

    try:
        return str(fork(f"f{abs(hash(at))}", at=at).base_position)
    except NoSuchMoment:
        return "refused"


def end_of_the_first_changeset() -> int:
    from eventstore.models import Changeset

    return int(Changeset.objects.earliest("first_position").last_position)


def test_a_branch_is_forked_at_a_moment_that_there_is(clinic: Project) -> None:
    from datetime import UTC, datetime

    first = clinic.run(end_of_the_first_changeset)
    moments = [99, -5, "p99", "c99", "soon", "p1", datetime(1999, 1, 1, tzinfo=UTC), 0]
    forked = [clinic.run(fork_at, moment) for moment in moments]
    assert forked == ["refused"] * 5 + [str(first), "0", "0"]


def save_in_one_snapshot(level: str, is_same: bool) -> str:
    from threading import Thread

    from django.db import connection, transaction
    from shop.models import Patient

    from eventstore.busy import SnapshotIsOld

    def save_beside() -> None:
        if is_same:
            Patient.objects.update(name="other")
        else:
            Patient.objects.create(name="other")
        connection.close()

    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
            mine = Patient.objects.first() or Patient(name="mine")
            beside = Thread(target=save_beside)
            beside.start()
            beside.join()
            mine.name = f"{level[:4]}{is_same}"
            mine.save()
    except SnapshotIsOld as error:
        return str(getattr(error.__cause__, "sqlstate", None))
    return "saved"


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_snapshot_that_others_saved_behind_is_tried_again(clinic: Project, level: str) -> None:
    assert clinic.run(save_in_one_snapshot, level, False) == "40001"
    assert clinic.run(save_in_one_snapshot, "READ COMMITTED", False) == "saved"
    assert clinic.run(save_in_one_snapshot, level, True) == "40001"
