"""The door over TLS on this machine: who comes in, who does not, and what each is told."""

import contextlib
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pratique.api import client as asking
from pratique.api import media
from pratique.api.client import Client, NoAnswerError
from pratique.api.connection import Connection
from pratique.api.tls import client_context
from pratique.errors import StoreError
from pratique.exchange.http_message import Request, Response
from pratique.exchange.http_signature import sign_request
from pratique.exchange.partners import Partner, Partners
from tests.support.keys import ed25519
from tests.support.nodes import Clock, Counter, Running, certificate, wait_until


class Two:
    """``post-aa`` asks, ``customs-bb`` listens."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.directory = Clock(), list[Partner]()
        self.aa = Running("post-aa", folder, self.directory, self.clock)
        self.bb = Running("customs-bb", folder, self.directory, self.clock)
        self.bb.node.log.checkpoint(self.clock())
        self.client = self.aa.client()

    @property
    def partners(self) -> Partners:
        return Partners(tuple(self.directory))

    def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "", query: str = ""
    ) -> Response:
        fields = (("content-type", kind),) if kind else ()
        asked = Request(
            method=method, authority="", path=path, query=query, fields=fields, body=body
        )
        return self.client.ask(self.partners, "customs-bb", asked)

    def send(self, body: bytes, kind: str = media.ENVELOPE) -> Response:
        return self.ask("POST", "/node/v1/messages", body, kind)

    def raw(
        self, request: Request, certificate: tuple[Path, Path] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """A request as it stands, by a client that is not ours."""
        shown = certificate or (self.aa.certificate, self.aa.tls_key)
        context = client_context(*shown)
        plain = http.client.HTTPSConnection("127.0.0.1", self.bb.port, timeout=5, context=context)
        target = request.path + (f"?{request.query}" if request.query else "")
        plain.request(request.method, target, request.body or None, dict(request.fields))
        answer = plain.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        plain.close()
        return found

    def signed(self, **change: object) -> Request:
        asked = Request(
            method="POST",
            authority=f"127.0.0.1:{self.bb.port}",
            path="/node/v1/messages",
            fields=(("content-type", media.ENVELOPE),),
            body=b"ok raw",
        )
        asked = msgspec.structs.replace(asked, **change)
        return sign_request(asked, self.aa.key, now=self.clock(), randomness=Counter("raw"))


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Two]:
    """Two nodes of which none listens."""
    both = Two(tmp_path)
    yield both
    both.client.close()
    both.aa.thread.close()
    both.bb.thread.close()


@pytest.fixture
def two(apart: Two) -> Iterator[Two]:
    with apart.bb.listening(clients=apart.aa.certificate):
        yield apart


def code_of(body: bytes) -> str:
    return str(json.loads(body)["title"])


def test_an_envelope_is_answered_with_what_the_node_says_and_the_answer_is_signed(two: Two) -> None:
    answer = two.send(b"ok one")
    assert (answer.status, answer.body) == (202, b'{"to":"%s"}' % b"ok one".hex().encode())
    assert two.send(b"no").status == 422
    assert two.bb.node.inbox == [b"ok one"]


def test_a_batch_is_one_group_with_an_answer_each(two: Two) -> None:
    envelopes = [b"ok %d\nline" % number for number in range(50)] + [b"no\nline"]
    answer = two.send(media.join(envelopes), media.ENVELOPES)
    told = media.read_answers(answer.body, 51)
    assert [each.status for each in told] == [202] * 50 + [422]
    assert two.bb.node.inbox == envelopes[:50]


@pytest.mark.parametrize("body", [b"", b"ok\n\n\n\nok", media.join([b"ok"] * 101)])
def test_a_bad_batch_is_refused_as_a_whole(two: Two, body: bytes) -> None:
    answer = two.send(body, media.ENVELOPES)
    assert (answer.status, code_of(answer.body)) == (400, "batch")
    assert two.bb.node.inbox == []


def test_what_waits_is_fetched_page_by_page_and_its_receipts_are_handed_in(two: Two) -> None:
    two.bb.node.waiting["post-aa"] = [b"ok %d" % number for number in range(5)]
    page = media.read_feed(two.ask("GET", "/node/v1/messages", query="after=&limit=3").body)
    assert [each.envelope for each in page] == [b"ok 0", b"ok 1", b"ok 2"]
    rest = two.ask("GET", "/node/v1/messages", query=f"after={page[-1].cursor}&limit=3")
    assert [each.envelope for each in media.read_feed(rest.body)] == [b"ok 3", b"ok 4"]
    handed = media.write_receipts([b'{"a":1}', b'{"b":2}'])
    assert two.ask("POST", "/node/v1/receipts", handed, media.JSON).status == 200
    assert two.bb.node.receipts == [("post-aa", b'{"a":1}'), ("post-aa", b'{"b":2}')]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "after=%00", "more=1", "after=1&after=2&limit=3"]
)
def test_a_page_that_cannot_be_meant_is_refused(two: Two, query: str) -> None:
    answer = two.ask("GET", "/node/v1/messages", query=query)
    assert (answer.status, code_of(answer.body)) == (400, "query")


def test_the_log_is_given_out_as_its_files(two: Two) -> None:
    two.bb.node.log.record([b"entry"])
    checkpoint = two.ask("GET", "/node/v1/log/checkpoint")
    assert checkpoint.body.decode() == str(two.bb.node.log.last_cosigned())
    tile = two.ask("GET", "/node/v1/log/tile/entries/000.p/1")
    assert tile.body == b"\x00\x05entry"
    assert two.ask("GET", "/node/v1/log/tile/0/001").status == 404
    assert two.ask("GET", "/node/v1/log/tile/../../etc/passwd").status == 404


def test_the_card_is_open_and_the_rest_is_not(two: Two) -> None:
    status, _, body = two.raw(Request(method="GET", authority="", path="/node/v1/card"))
    assert (status, msgspec.json.decode(body, type=Partner)) == (200, two.bb.entry)
    assert two.raw(Request(method="GET", authority="", path="/healthz"))[0] == 200
    assert two.raw(Request(method="GET", authority="", path="/readyz"))[0] == 200
    for path in ("/node/v1/messages", "/node/v1/log/checkpoint", "/node/v1/log/tile/0/000"):
        status, fields, body = two.raw(Request(method="GET", authority="", path=path))
        assert (status, code_of(body)) == (401, "unsigned")
        assert fields["content-type"] == "application/problem+json"
    status, _, body = two.raw(Request(method="GET", authority="", path="/elsewhere"))
    assert (status, code_of(body)) == (404, "not-found")


def test_a_replayed_request_is_refused(two: Two) -> None:
    request = two.signed()
    assert two.raw(request)[0] == 202
    status, _, body = two.raw(request)
    assert (status, code_of(body)) == (401, "replayed")


def test_a_request_to_another_node_is_none_to_this_one(two: Two) -> None:
    request = two.signed(authority="elsewhere.example")
    host = (("host", "elsewhere.example"),)
    status, _, body = two.raw(msgspec.structs.replace(request, fields=(*host, *request.fields)))
    assert (status, code_of(body)) == (421, "other-authority")
    host = ((("host"), f"127.0.0.1:{two.bb.port}"),)
    status, _, body = two.raw(msgspec.structs.replace(request, fields=(*host, *request.fields)))
    assert (status, code_of(body)) == (401, "forged")


def test_a_stranger_gets_a_problem_and_nothing_is_kept(two: Two) -> None:
    request = sign_request(
        msgspec.structs.replace(two.signed(), fields=(("content-type", media.ENVELOPE),)),
        ed25519("stranger"),
        now=two.clock(),
        randomness=Counter("stranger"),
    )
    status, fields, body = two.raw(request)
    assert (status, code_of(body)) == (401, "unknown-key")
    assert "signature" not in fields
    assert two.bb.node.inbox == []


def test_without_a_known_certificate_there_is_no_connection(two: Two, tmp_path: Path) -> None:
    (tmp_path / "rogue").mkdir()
    rogue = certificate(tmp_path / "rogue", "post-aa")
    for shown in (rogue, None):
        context = client_context(*shown) if shown else client_context(None, None)
        plain = http.client.HTTPSConnection("127.0.0.1", two.bb.port, timeout=5, context=context)
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
            plain.request("GET", "/healthz")
            plain.getresponse()


def test_a_partner_with_the_certificate_of_another_is_refused(two: Two) -> None:
    other = msgspec.structs.replace(two.aa.entry, certificates=("ab" * 32,))
    two.directory[0] = other
    two.clock.at += timedelta(seconds=2)
    status, _, body = two.raw(two.signed())
    assert (status, code_of(body)) == (403, "certificate")


def test_a_stale_directory_lets_nobody_in_and_a_new_one_does_again(two: Two) -> None:
    two.bb.node.expires = two.clock()
    two.clock.at += timedelta(seconds=2)
    status, fields, body = two.raw(two.signed())
    assert (status, code_of(body)) == (503, "directory-stale")
    assert fields["retry-after"]
    assert two.raw(Request(method="GET", authority="", path="/readyz"))[0] == 503
    two.bb.node.expires = two.clock() + timedelta(days=1)
    assert two.send(b"ok again").status == 202


def test_nothing_is_accepted_when_the_log_cannot_prove_it(two: Two) -> None:
    two.bb.node.refusal = "No checkpoint for four hours."
    two.clock.at += timedelta(seconds=2)
    answer = two.send(b"ok")
    assert (answer.status, code_of(answer.body)) == (503, "refusing")
    assert two.bb.node.inbox == []


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (StoreError("database or disk is full"), 507, "disk-full"),
        (OSError(28, "No space left on device"), 507, "disk-full"),
        (StoreError("canary Jane Roe"), 503, "store"),
        (ValueError("canary Jane Roe"), 503, "store"),
    ],
)
def test_when_the_store_fails_the_answer_says_so_and_no_more(
    two: Two, failure: Exception, status: int, code: str
) -> None:
    two.bb.node.fails = failure
    answer = two.send(b"ok")
    assert (answer.status, code_of(answer.body)) == (status, code)
    assert b"canary" not in answer.body
    assert dict(answer.fields)["retry-after"]
    two.bb.node.fails = None
    assert two.send(b"ok").status == 202


def test_an_error_nobody_thought_of_shows_nothing(
    two: Two, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("canary Jane Roe")

    monkeypatch.setattr(two.bb.node, "take_receipts", fail)
    answer = two.ask("POST", "/node/v1/receipts", media.write_receipts([b"{}"]), media.JSON)
    assert (answer.status, code_of(answer.body)) == (500, "internal")
    assert b"canary" not in answer.body
    assert "canary" not in caplog.text


def test_too_much_is_refused_before_it_is_read(two: Two) -> None:
    big = b"ok" + b"x" * 200_000
    status, _, body = two.raw(two.signed(body=big))
    assert (status, code_of(body)) == (413, "too-large")
    fields = (("content-type", media.ENVELOPE), ("transfer-encoding", "chunked"))
    context = client_context(two.aa.certificate, two.aa.tls_key)
    plain = http.client.HTTPSConnection("127.0.0.1", two.bb.port, timeout=5, context=context)
    pieces = (b"x" * 10_000 for _ in range(20))
    plain.request("POST", "/node/v1/messages", pieces, dict(fields), encode_chunked=True)
    answer = plain.getresponse()
    assert (answer.status, code_of(answer.read())) == (413, "too-large")
    plain.close()


def secured(two: Two) -> ssl.SSLSocket:
    context = client_context(two.aa.certificate, two.aa.tls_key)
    return context.wrap_socket(socket.create_connection(("127.0.0.1", two.bb.port), 5))


def test_a_body_that_never_ends_is_given_up(two: Two) -> None:
    with secured(two) as plain:
        plain.sendall(b"POST /node/v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nok")
        assert b"408" in plain.recv(4096).partition(b"\r\n")[0]


def test_a_head_that_never_ends_is_given_up(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "head_seconds", 0.3)
    with secured(two) as plain:
        plain.sendall(b"GET /healthz HT")
        assert plain.recv(4096) == b""
    with secured(two) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b"200" in plain.recv(4096).partition(b"\r\n")[0]
        plain.sendall(b"GET /healthz HT")
        plain.settimeout(5)
        while plain.recv(4096):
            pass


def test_a_head_too_large_is_refused(two: Two) -> None:
    with secured(two) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 40_000)
        answer = plain.recv(4096)
        assert answer == b"" or b"400" in answer.partition(b"\r\n")[0]


# The client


def failing(two: Two, client: Client, partners: Partners | None = None) -> str:
    asked = Request(method="GET", authority="", path="/node/v1/log/checkpoint")
    with pytest.raises(NoAnswerError) as caught:
        client.ask(partners or two.partners, "customs-bb", asked)
    return caught.value.code


def changed(two: Two, **change: object) -> Partners:
    other = msgspec.structs.replace(two.bb.entry, **change)
    return Partners((two.aa.entry, other))


def test_the_client_speaks_to_no_other_certificate(two: Two) -> None:
    assert failing(two, two.client, changed(two, certificates=("ab" * 32,))) == "no-answer"
    assert failing(two, two.client, changed(two, certificates=())) == "no-answer"


def test_the_client_takes_no_answer_of_another_key(two: Two) -> None:
    assert failing(two, two.client, changed(two, keys=())) == "answer"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1:1", "address"),
        ("https://user@127.0.0.1:1", "address"),
        ("https://127.0.0.1:1/?x=1", "address"),
        ("https://127.0.0.1:99999", "address"),
        ("ftp://x", "address"),
        ("", "address"),
        ("https://localhost:1", "private-address"),
        ("https://0x7f000001:1", "private-address"),
        ("https://2130706433:1", "private-address"),
        ("https://127.0.0.1:1", "no-answer"),
    ],
)
def test_the_client_goes_to_plain_addresses_alone(apart: Two, address: str, code: str) -> None:
    assert failing(apart, apart.client, changed(apart, address=address)) == code


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "[::1]", "[fe80::1]",
     "[fd00::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "224.0.0.1"],
)  # fmt: skip
def test_addresses_of_private_networks_need_leave(apart: Two, host: str) -> None:
    client = apart.aa.client(private=False)
    assert failing(apart, client, changed(apart, address=f"https://{host}:1")) == "private-address"


def test_a_name_that_comes_to_lead_inside_is_not_followed(
    apart: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = iter(["192.0.2.7", "127.0.0.1"])

    def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(places), apart.bb.port))]

    monkeypatch.setattr(asking.socket, "getaddrinfo", lookup)
    for _ in range(2):
        assert (
            failing(apart, apart.client, changed(apart, address="https://node.example"))
            == "private-address"
        )


def test_the_client_follows_no_redirect_and_gives_up_slow_answers(two: Two) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(two.bb.certificate, two.bb.tls_key)
    said = [
        b"HTTP/1.1 307 Temporary Redirect\r\nlocation: https://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nslow",
    ]
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for each in said:
                plain, _ = listener.accept()
                with serving.wrap_socket(plain, server_side=True) as secured:
                    asked.append(secured.recv(4096))
                    secured.sendall(each)
                    secured.settimeout(3)
                    with contextlib.suppress(OSError):
                        while secured.recv(4096):
                            pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        partners = changed(two, address=f"https://127.0.0.1:{port}")
        assert failing(two, two.client, partners) == "answer"
        two.client.close()
        assert failing(two, two.aa.client(seconds=0.5), partners) == "no-answer"
        thread.join(5)
    assert len(asked) == 2


def test_a_connection_is_kept_and_made_anew_when_it_has_ended(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = asking._Pinned.connect
    monkeypatch.setattr(asking._Pinned, "connect", lambda each: (made.append(1), real(each))[1])
    assert [two.send(b"ok %d" % number).status for number in range(3)] == [202] * 3
    assert len(made) == 1
    (kept,) = two.client._kept.values()
    assert kept.sock is not None
    kept.sock.close()
    assert two.send(b"ok more").status == 202
    assert len(made) == 2
    wait_until(lambda: len(two.bb.node.inbox) == 4)
