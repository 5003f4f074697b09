"""Who is asking, as a token."""

from dataclasses import replace

import pytest

from actions.identity import DemoSeal, Identity, IdentitySeal, NotSignedIn

ARTA = Identity("arta", "teacher", "Shkolla Testuese", "talk-1")


def test_a_token_opens_to_who_was_signed(seal):
    assert seal.verify(seal.sign(ARTA), "talk-1") == ARTA


def test_a_token_counts_in_its_conversation_only(seal):
    with pytest.raises(NotSignedIn):
        seal.verify(seal.sign(ARTA), "talk-2")


def test_a_token_ends(seal):
    with pytest.raises(NotSignedIn):
        IdentitySeal(b"a secret of the tests", max_age_s=-1).verify(seal.sign(ARTA), "talk-1")


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "ë.ë.ë", "\ud800"])
def test_what_is_no_token_is_refused(seal, token):
    with pytest.raises(NotSignedIn):
        seal.verify(token, "talk-1")


def test_an_altered_token_is_refused(seal):
    token = seal.sign(ARTA)
    with pytest.raises(NotSignedIn):
        seal.verify(f"{'A' if token[0] != 'A' else 'B'}{token[1:]}", "talk-1")


def test_rights_follow_the_roles_and_are_denied_by_default():
    assert ARTA.may("refer")
    assert not ARTA.may("handle_referrals")
    assert not replace(ARTA, role="stranger").may("refer")


def test_in_a_demo_nobody_needs_a_token():
    assert DemoSeal(b"a secret of the tests").verify(None, "talk-1").may("refer")


@pytest.mark.parametrize("token", ["x", "a.b.c"])
def test_not_even_in_a_demo_does_a_wrong_token_count(token):
    with pytest.raises(NotSignedIn):
        DemoSeal(b"a secret of the tests").verify(token, "talk-1")
