"""Roles: what is not written is denied."""

import pytest

from assistant.people.permissions import Permissions, UnknownRight


def test_each_role_of_the_field_is_there():
    assert set(Permissions.load().roles) == {
        "teacher", "school_psychologist", "educator", "probation", "correctional", "imam",
        "preacher", "social_worker", "municipal", "health", "ngo", "trainer", "dprrp", "admin",
    }  # fmt: skip


def test_only_dprrp_reads_every_referral():
    permissions = Permissions.load()
    readers = [one for one in permissions.roles if permissions.may(one, "read_all_referrals")]
    assert readers == ["dprrp"]


def test_an_unknown_role_may_nothing():
    assert not Permissions.load().may("stranger", "ask")


def test_a_misspelt_right_is_a_mistake_and_not_a_no():
    with pytest.raises(UnknownRight):
        Permissions.load().may("teacher", "aks")
    with pytest.raises(UnknownRight):
        Permissions({"teacher": ["aks"]})
