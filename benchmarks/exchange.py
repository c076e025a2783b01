"""How many messages a second go from one node to another, receipts included?

python benchmarks/exchange.py [--messages 500]    embedded store, one process: sealed, shown by view, kept, received in groups
                                                  of 50, kept, answered with a signed receipt, and the receipt taken

Bar: 1,200 a second end to end; a group's answer within 100 ms. Each message goes to one recipient, on a consignment of its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pratique.office.node import Reply
from pratique.office.node.receiving import receive
from pratique.office.node.sending import enqueue
from tests.support.exchange import NOW, draft, node

GROUP = 50


def measure(messages: int = 500) -> dict[str, object]:
    """Seconds of sending and of receiving, and what that is a second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        post = node("post-aa", f"sqlite:///{folder / 'post.db'}", folder, {})
        customs = node(
            "customs-qn",
            f"sqlite:///{folder / 'customs.db'}",
            folder,
            {"declaration": lambda *_: Reply()},
        )
        sending = receiving = 0.0
        waits = []
        for begin in range(0, messages, GROUP):
            started = time.perf_counter()
            with post.database.writing():
                sent = [
                    enqueue(post, draft(consignment=f"EX-{number}"), now=NOW)[0]
                    for number in range(begin, begin + GROUP)
                ]
            sealed = [post.mail.outgoing(each.id).envelope for each in sent]
            between = time.perf_counter()
            answers = receive(customs, sealed, now=NOW + timedelta(seconds=1))
            ended = time.perf_counter()
            assert all(each.status == 200 for each in answers)
            sending += between - started
            receiving += ended - between
            waits.append((ended - between) * 1000)
    return {
        "question": "messages a second from node to node, embedded store, one process",
        "messages": messages,
        "bytes": len(sealed[0]),
        "send_per_second": round(messages / sending),
        "receive_per_second": round(messages / receiving),
        "end_to_end_per_second": round(messages / (sending + receiving)),
        "bar_per_second": 1200,
        "group_answer_ms": {
            "median": round(statistics.median(waits), 1),
            "max": round(max(waits), 1),
        },
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=500)
    print(json.dumps(measure(parser.parse_args().messages), indent=1))
