"""Selective disclosure: the published examples, any view of any message, and what must be refused."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import DisclosureError, ExchangeError, SealError
from pratique.exchange import base64url, disclosure, jwk, jws
from tests.support.keys import ed25519

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/rfc9901.json").read_text("utf-8"))
KEY = ed25519("exporter")
KEYS = {"exporter": KEY.public_key()}
TYPE = "declaration+sd-jwt"
MESSAGE = {
    "id": "EX-1",
    "consignor": {"name": "Example Seller", "address": {"country": "CN", "city": "Shenzhen"}},
    "consignee": {"name": "Example Buyer", "phone": "+44 0000"},
    "items": [
        {"hs": "610910", "what": "cotton T-shirt", "value": "120.00", "marks": ["A", "B"]},
        {"hs": "950300", "what": "wooden toy", "value": "7.50", "marks": []},
    ],
    "gifts": None,
    "weight_g": 850,
}


def chance(seed: str = "") -> Callable[[int], bytes]:
    """Bytes that are the same in every run; a stream of SHA-256."""
    count = 0

    def some(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.sha256(f"{seed}/{count}".encode()).digest()[:size]

    return some


def issued(elements: dict[str, Any] = MESSAGE, **how: Any) -> str:
    return disclosure.issue(
        elements, KEY, **{"kid": "exporter", "type": TYPE, "randomness": chance(), **how}
    ).text


def present(text: str, view: Any) -> str:
    return disclosure.present(disclosure.hold(text), view)


def read(text: str) -> disclosure.Disclosed:
    return disclosure.verify(text, KEYS, type=TYPE)


@pytest.mark.parametrize("example", VECTORS["examples"], ids=lambda each: each["id"])
def test_a_published_example_shows_what_was_published(example: dict[str, Any]) -> None:
    keys = {"": jwk.read_public(VECTORS["key"], "sig")}
    if "key_binding" in example:
        with pytest.raises(DisclosureError, match="key binding"):
            disclosure.verify(example["text"], keys, type=example["type"])
        return
    found = disclosure.verify(example["text"], keys, type=example["type"])
    assert found.elements == example["elements"]
    less = present(example["text"], [])
    assert disclosure.verify(less, keys, type=example["type"]).shown == frozenset()


# RFC 9901, 5.1: salt, name, value and digest of every disclosure of the first example.
FIRST = [
    ["2GLC42sKQveCfGfryNRN9w", "given_name", "John", "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4"],
    ["eluV5Og3gSNII8EYnsxA_A", "family_name", "Doe", "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo"],
    ["6Ij7tM-a5iVPGboS5tmvVA", "email", "johndoe@example.com", "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE"],
    ["eI8ZWm9QnKPpNPeNenHdhQ", "phone_number", "+1-202-555-0101", "PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI"],
    ["Qg_O64zqAxe412a108iroA", "phone_number_verified", True, "XQ_3kPKt1XyX7KANkqVR6yZ2Va5NrPIvPYbyMvRKBMM"],
    ["AJx-095VPrpTtN4QMOqROA", "address",
     {"street_address": "123 Main St", "locality": "Anytown", "region": "Anystate", "country": "US"},
     "XzFrzwscM6Gn6CJDc6vVK8BkMnfG8vOSKfpPIZdAfdE"],
    ["Pc33JM2LchcU_lHggv_ufQ", "birthdate", "1940-01-01", "gbOsI4Edq2x2Kw-w5wPEzakob9hV1cRD0ATN3oQL9JM"],
    ["G02NSrQfjFXQ7Io09syajA", "updated_at", 1570000000, "CrQe7S5kqBAHt-nMYXgc6bdt2SH5aTY1sU_M-PgkjPI"],
]  # fmt: skip
PLACES = [
    ["lklxF5jMYlGTPUovMNIvCA", "US", "pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo"],
    ["nPuoQnkRFq3BIeAm7AnXFA", "DE", "7Cf6JkPudry3lcbwHgeZ8khAv1U1OSlerP0VkBJrWZ0"],
]


def written(parts: list[Any]) -> str:
    """A disclosure with blanks between its parts, as the RFC's examples have them."""
    return base64url.encode(json.dumps(parts).encode())


def test_the_digests_of_the_first_example_are_ours() -> None:
    for *parts, expected in (*FIRST, *PLACES):
        assert disclosure.digest(written(parts)) == expected
    payload = {
        "_sd": sorted(each[-1] for each in FIRST),
        "sub": "user_42",
        "nationalities": [{"...": each[-1]} for each in PLACES],
        "_sd_alg": "sha-256",
    }
    jwt = jws.sign(json.dumps(payload).encode(), KEY, kid="exporter", type=TYPE)
    found = read(
        "~".join((jwt, *(written(each[:-1]) for each in FIRST), written(PLACES[1][:-1]), ""))
    )
    assert found.elements == {
        "sub": "user_42", "nationalities": ["DE"], **{each[1]: each[2] for each in FIRST}
    }  # fmt: skip


def test_all_disclosures_show_the_whole_message() -> None:
    found = read(issued())
    assert found.elements == MESSAGE
    assert found.shown == disclosure.leaves(MESSAGE)
    assert (found.kid, found.alg, found.type) == ("exporter", "Ed25519", TYPE)


def test_nothing_of_a_hidden_element_is_in_the_text() -> None:
    text = present(issued(), {"/id", "/items/*/hs"})
    seen = text + "".join(
        base64url.decode(part, "part").decode("latin-1")
        for part in text.replace("~", ".").split(".")
        if part
    )
    for secret in ("Example Buyer", "phone", "+44", "consignor/name", "Shenzhen", "cotton"):
        assert secret not in seen
    assert read(text).elements == {
        "id": "EX-1", "consignor": {"address": {}}, "consignee": {},
        "items": [{"hs": "610910", "marks": []}, {"hs": "950300"}],
    }  # fmt: skip


def test_what_holds_an_element_is_shown_with_it_and_nothing_beside() -> None:
    every = {
        "/consignee",
        "/consignee/name",
        "/consignee/phone",
        "/items",
        "/items/*",
        "/items/*/what",
    }
    text = issued(disclosable=every)
    assert read(present(text, [])).elements == {
        name: MESSAGE[name] for name in ("id", "consignor", "gifts", "weight_g")
    }
    found = read(present(text, ["/consignee/phone", "/items/1/what"]))
    assert found.elements["consignee"] == {"phone": "+44 0000"}
    assert found.elements["items"] == [
        {"hs": "950300", "what": "wooden toy", "value": "7.50", "marks": []}
    ]
    assert found.shown == {"/consignee", "/consignee/phone", "/items", "/items/0", "/items/0/what"}


def test_what_is_issued_is_held_as_its_text_reads() -> None:
    for disclosable in (
        None,
        {"/items", "/items/*", "/items/*/what", "/consignee", "/consignee/name"},
    ):
        held = disclosure.issue(
            MESSAGE, KEY, kid="exporter", type=TYPE, randomness=chance(), disclosable=disclosable
        )
        again = disclosure.hold(held.text)
        assert again == held
        view = {"/items/*/what", "/consignee/name"}
        assert disclosure.present(again, view) == disclosure.present(held, view)


def test_what_is_shown_on_a_screen_holds_no_element() -> None:
    shown = repr([disclosure.hold(issued()), *disclosure.hold(issued()).places, read(issued())])
    assert "Buyer" not in shown
    assert disclosure.hold(issued()).places[0].disclosure not in shown


def test_a_view_can_be_narrowed_again_and_never_widened() -> None:
    once = present(issued(), {"/id", "/consignee/name"})
    again = present(once, {"/id", "/consignee/phone"})
    assert read(again).shown == {"/id"}
    assert read(once).signed == read(again).signed


def test_the_number_of_hidden_elements_is_told_in_steps_of_eight() -> None:
    for count, told in ((1, 8), (8, 8), (9, 16)):
        elements = {f"e{index}": index for index in range(count)}
        payload = json.loads(jws.verify(issued(elements).split("~")[0], KEYS, type=TYPE).payload)
        assert len(payload["_sd"]) == told
        assert payload["_sd"] == sorted(payload["_sd"])
        assert read(issued(elements)).elements == elements
    assert (
        len(json.loads(jws.verify(issued(pad_to=1).split("~")[0], KEYS, type=TYPE).payload)["_sd"])
        == 3
    )


def test_salts_have_128_bits_and_come_from_the_source_given() -> None:
    asked: list[int] = []

    def counted(size: int) -> bytes:
        asked.append(size)
        return chance(str(len(asked)))(size)

    text = issued(randomness=counted, pad_to=1)
    salts = [json.loads(base64url.decode(each, ""))[0] for each in text.split("~")[1:-1]]
    assert {len(base64url.decode(salt, "")) for salt in salts} == {16}
    assert len(set(salts)) == len(salts) == len(asked) == asked.count(16)
    assert issued() == issued()  # the same source, the same text: vectors can be compared


# Hostile texts: payload and disclosures made by hand, the signature right.
def made(payload: dict[str, Any], *parts: Any) -> str:
    """A signed text of any payload; ``parts`` become disclosures, digests are put for ``"#0"``, ``"#1"`` …"""
    texts: list[str] = []
    for each in parts:
        texts.append(written(fill(each, texts)) if isinstance(each, list) else each)
    jwt = jws.sign(json.dumps(fill(payload, texts)).encode(), KEY, kid="exporter", type=TYPE)
    return "~".join((jwt, *texts, ""))


def fill(value: Any, texts: list[str]) -> Any:
    if isinstance(value, dict):
        return {name: fill(inner, texts) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill(inner, texts) for inner in value]
    if isinstance(value, str) and value.startswith("#"):
        return disclosure.digest(texts[int(value[1:])])
    return value


def deep(depth: int, end: Any = 1) -> Any:
    return {"a": deep(depth - 1, end)} if depth else end


S = "AAAAAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (made({"_sd": ["#0"], "_sd_alg": "sha-512"}, [S, "a", 1]), "hash"),
        (made({"_sd": ["#0"], "_sd_alg": None}, [S, "a", 1]), "hash"),
        (made({"_sd": ["#0"]}, [S, "a", 1]) + "x", "shape"),
        (made({"_sd": ["#0"]}, [S, "a", 1])[:-1], "shape"),
        (made({"_sd": ["#0"]}, [S, "a", 1]) + "~", "foreign"),
        (made({"_sd": []}, [S, "a", 1]), "foreign"),
        (made({"_sd": ["#0"]}, [S, "a", 1], [S, "b", 2]), "foreign"),
        (made({"_sd": ["#0", "#0"]}, [S, "a", 1]), "doubled"),
        (made({"_sd": ["#0"], "b": {"_sd": ["#0"]}}, [S, "a", 1]), "doubled"),
        (made({"_sd": ["x", "x"]}), "doubled"),
        (made({"_sd": ["x"], "l": [{"...": "x"}]}), "doubled"),
        (made({"_sd": ["x", "#1"]}, [S, "a", 1], [S, "b", {"_sd": ["x"]}]), "doubled"),
        (made({"_sd": ["#0"], "a": 2}, [S, "a", 1]), "doubled"),
        (made({"_sd": ["#0", "#1"]}, [S, "a", 1], ["B" + S[1:], "a", 2]), "doubled"),
        (made({"_sd": ["#0"]}, [S, "_sd", ["x"]]), "reserved"),
        (made({"_sd": ["#0"]}, [S, "...", "x"]), "reserved"),
        (made({"_sd": ["#0"]}, [S, "_sd_alg", "sha-256"]), "reserved"),
        (made({"a": {"_sd_alg": "sha-256"}}), "reserved"),
        (made({"a": {"...": "x"}}), "reserved"),
        (made({"a": [{"...": "x", "b": 1}]}), "reserved"),
        (made({"_sd": "x"}), "shape"),
        (made({"_sd": [1]}), "shape"),
        (made({"_sd": {"x": 1}}), "shape"),
        (made({"a": [{"...": 1}]}), "shape"),
        (made({"_sd": ["#0"]}, [S, "a"]), "shape"),
        (made({"_sd": ["#0"]}, [S, "a", 1, 2]), "shape"),
        (made({"_sd": ["#0"]}, [S, 1, 1]), "shape"),
        (made({"_sd": ["#0"]}, [1, "a", 1]), "shape"),
        (made({"a": [{"...": "#0"}]}, [S, "a", 1]), "shape"),
        (made({"_sd": ["#0"]}, [S, "a", 1.5]), "json"),
        (made({"_sd": ["#0"]}, base64url.encode(b'["A","a",{"x":1,"x":2}]')), "json"),
        (made({"_sd": ["#0"]}, base64url.encode(b'["A","a",1]') + "="), "base64url"),
        (made({"_sd": ["#0"]}, base64url.encode(b'["A","a",NaN]')), "json"),
        (made({"_sd": ["#0"]}, [S, "a", "x" * 70_000]), "too-large"),
        (made({"a": deep(30)}), "too-deep"),
        (made({"_sd": ["#1"]}, [S, "a", deep(15)], [S, "b", deep(15, {"_sd": ["#0"]})]), "too-deep"),
        (made({}) + "~" * 5000, "too-many"),
        ("é~", "shape"),
        ("", "shape"),
    ],
)  # fmt: skip
def test_what_cheats_is_refused_by_one_typed_error(text: str, code: str) -> None:
    with pytest.raises(DisclosureError) as refused:
        read(text)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_a_name_the_format_needs_is_not_issued(name: str) -> None:
    with pytest.raises(DisclosureError, match="called"):
        issued({"a": [{name: 1}]})


def test_what_cannot_be_written_is_not_issued() -> None:
    for bad in (
        {"a": 1.5}, {"a": deep(30)}, {"a": deep(900)}, {"a": "x" * 70_000}, {"a": list(range(5000))},
        {1: 2}, {"a": {1: 2}}, {"a": "\ud800"}, {"a": {1, 2}},
    ):  # fmt: skip
        with pytest.raises(ExchangeError):
            issued(bad)


def test_a_source_of_randomness_that_runs_dry_is_refused() -> None:
    with pytest.raises(ExchangeError, match="randomness"):
        issued(randomness=lambda size: bytes(size - 1))
    with pytest.raises(DisclosureError, match="multiples"):
        issued(pad_to=0)


def test_what_is_over_or_has_not_begun_is_refused_when_the_moment_is_given() -> None:
    begin, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    bounds = {"nbf": int(begin.timestamp()), "exp": int(end.timestamp())}
    for text in (
        issued(bounds),
        present(issued({**bounds, "a": 1}, disclosable={"/exp", "/a"}), []),
    ):
        assert not read(text).shown
        for now in (begin, end - timedelta(seconds=1)):
            assert disclosure.verify(text, KEYS, type=TYPE, now=now).elements == bounds
        for now, code in ((begin - timedelta(seconds=1), "not-yet"), (end, "expired")):
            with pytest.raises(DisclosureError) as refused:
                disclosure.verify(text, KEYS, type=TYPE, now=now)
            assert refused.value.code == code
    for odd in ("tomorrow", True, None):
        with pytest.raises(DisclosureError, match="whole seconds"):
            disclosure.verify(issued({"exp": odd}), KEYS, type=TYPE, now=begin)


def test_only_at_the_top_do_such_names_say_whether_the_text_holds() -> None:
    assert read(issued({"item": {"exp": 1}})).shown == {"/item/exp"}
    assert not read(issued({"cnf": {"jwk": {"x": "A"}}, "aud": ["a", "b"]})).shown


def test_a_disclosure_of_another_text_is_foreign() -> None:
    one, other = issued(), issued(randomness=chance("other"))
    swapped = one.rstrip("~") + "~" + other.split("~")[1] + "~"
    with pytest.raises(DisclosureError, match="foreign"):
        read(swapped)


def test_the_signature_is_the_issuers_of_that_kind_of_document() -> None:
    text = issued()
    with pytest.raises(SealError):
        disclosure.verify(text, {"exporter": ed25519("stranger").public_key()}, type=TYPE)
    with pytest.raises(SealError):
        disclosure.verify(text, KEYS, type="receipt+jws")


NAMES = st.text("abcdefgh/~é", min_size=1, max_size=3)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=4))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
MESSAGES = st.dictionaries(NAMES, VALUES, max_size=4)


def places(value: Any, pointer: str = "") -> list[str]:
    """Every pointer below a value, reckoned apart from the code under test."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    found = []
    for name, each in inner:
        here = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        found += [here, *places(each, here)]
    return found


def projected(value: Any, hidden: set[str], pointer: str = "") -> Any:
    """A value without the hidden places."""
    if isinstance(value, dict):
        pairs = (
            (name, inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
            for name, inner in value.items()
        )
        return {
            name: projected(inner, hidden, here)
            for name, inner, here in pairs
            if here not in hidden
        }
    if isinstance(value, list):
        pairs = ((inner, f"{pointer}/{index}") for index, inner in enumerate(value))
        return [projected(inner, hidden, here) for inner, here in pairs if here not in hidden]
    return value


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_subset_of_any_message_verifies_and_shows_just_that(data: st.DataObject) -> None:
    message = data.draw(MESSAGES)
    every = places(message)
    disclosable = set(data.draw(st.lists(st.sampled_from(every))) if every else [])
    view = set(data.draw(st.lists(st.sampled_from(sorted(disclosable)))) if disclosable else [])
    kept = {
        each for each in disclosable if any(f"{shown}/".startswith(f"{each}/") for shown in view)
    }
    text = issued(message, disclosable=disclosable)
    assert read(text).elements == message
    assert read(present(text, view)).elements == projected(message, disclosable - kept)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_letter_replaced_fails(data: st.DataObject) -> None:
    text = present(issued(), {"/id", "/items/*/hs", "/consignee/name"})
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABab09-_~.=\n é"))
    mutated = text[:at] + letter + text[at + 1 :]
    if mutated != text:
        with pytest.raises(ExchangeError):
            read(mutated)


def test_a_disclosure_left_out_is_a_smaller_view_and_told_by_the_digest_of_the_whole() -> None:
    """RFC 9901, 7.1: a reader cannot know; the envelope, or a supplement, signs the digest of what was presented."""
    text = issued()
    parts = text.split("~")
    less = "~".join((parts[0], *parts[2:]))
    assert len(read(less).shown) == len(read(text).shown) - 1
    assert disclosure.digest(less) != disclosure.digest(text)
    assert read(less).signed == read(text).signed


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_refused_by_our_errors_alone(text: str) -> None:
    for each in (text, f"{text}~", f"{issued({})}{text}"):
        try:
            read(each)
        except ExchangeError:
            continue
        assert each == issued({})
