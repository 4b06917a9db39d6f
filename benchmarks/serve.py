"""Reading and predicting over HTTP: a real server on loopback, a real client, beside an authenticated empty endpoint.

    python benchmarks/serve.py                      # a shop of 100,000 customers
    python benchmarks/serve.py --customers 1000000  # preparing it takes half an hour once
    python benchmarks/serve.py --docs docs/benchmarks.md

The shop is generated (`large_shop`), imported with `holdfast import`, trained with `holdfast train --dates 0` and
looked at once, all of which is kept in the folder of --work. Then `holdfast serve` runs in a process of its own,
without job workers and rate limit, and threads of this one ask with keep-alive, each time about another customer, page
or list. All kinds of questions take turns in slices of time, so that whatever else the machine does meets them alike;
the last column is the 95 % quantile over that of the empty endpoint at as many clients. Only 127.0.0.1 is asked.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter

import httpx
import numpy as np
from large_shop import write_lines
from quality_tables import table
from report import machine, write_between

PROGRAM = Path(sys.executable).with_name("holdfast")
TENANT = "large"
EMPTY = "empty, with key"

Ask = Callable[[httpx.Client, random.Random], httpx.Response]


@dataclass(slots=True)
class Measured:
    """Seconds of every answer of one kind at one number of clients, and what the server worked for them."""

    seconds: list[float] = field(default_factory=list)
    worked: float = 0.0

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        return float(np.quantile(self.seconds, share)) * 1000

    @property
    def work(self) -> float:
        """Milliseconds of processor time an answer."""
        return self.worked / len(self.seconds) * 1000


def main() -> int:
    """Prepare the shop, ask, and print."""
    options = _options()
    home = options.work / f"home-{options.customers}"
    prepared = _prepare(options.work, home, options.customers)
    _voucher_history(options.work, home)
    questions = {
        name: ask
        for name, ask in _questions(options.customers).items()
        if name in (options.only or [name]) or name == EMPTY
    }
    results: dict[tuple[str, int], Measured] = {}
    with _server(home) as (address, process):
        key = _run("keys", "create", "--role", "analyst", home=home)["key"]
        _warm(address, key, questions)
        for clients in options.clients:
            for _ in range(options.rounds):
                for name, ask in questions.items():
                    measured = results.setdefault((name, clients), Measured())
                    before = _processor_seconds(process)
                    measured.seconds += _ask_for(options.seconds, clients, address, key, ask)
                    measured.worked += _processor_seconds(process) - before
    text = _shown(results, options.customers, options.clients, prepared, options.note)
    print(text)
    if options.docs:
        write_between(options.docs, f"serve-{options.customers}", text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=3.0, help="of a slice")
    parser.add_argument("--rounds", type=int, default=3, help="how often each kind has its turn")
    parser.add_argument("--only", nargs="*", help="questions to ask, by name; the empty one is always among them")
    parser.add_argument("--note", help="a sentence about the circumstances, such as other work on the machine")
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    parser.add_argument("--work", type=Path, default=Path(gettempdir()) / "holdfast-serve")
    return parser.parse_args()


# --- the shop and the server -----------------------------------------------------------------------------------------


def _prepare(work: Path, home: Path, customers: int) -> Mapping[str, float]:
    """Seconds of import, training and the first look; from the time when it was done, if it was."""
    done = home / "prepared.json"
    if done.exists():
        found: dict[str, float] = json.loads(done.read_text(encoding="utf-8"))
        return found
    lines = work / f"lines-{customers}.parquet"
    write_lines(lines, customers)
    steps: dict[str, float] = {}
    look = "from holdfast.workflows.views import refresh_view; from holdfast.workflows.shop import Shop; "
    look += (
        f"from holdfast.settings import Settings; s = Settings.load({{'home': {str(home)!r}, 'tenant': {TENANT!r}}}); "
    )
    commands: Mapping[str, list[str | Path]] = {
        "import": [PROGRAM, "import", lines, "--policy", "none", *_place(home)],
        "train": [PROGRAM, "train", "--dates", "0", *_place(home)],
        "view": [sys.executable, "-c", f"{look}refresh_view(Shop.open(s))"],
    }
    for name, command in commands.items():
        print(f"{customers:,} customers: {name}", file=sys.stderr)
        begun = perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, env=_environment(), check=True)
        steps[name] = perf_counter() - begun
    done.write_text(json.dumps(steps), encoding="utf-8")
    return steps


def _voucher_history(work: Path, home: Path) -> None:
    """A history of 20,000 vouchers, for decisions; made each time, since it takes a second."""
    draw, path = random.Random(1), work / "vouchers.csv"
    rows = ["timestamp,country_code,last_order_ts,first_order_ts,total_orders,voucher_amount"]
    for _ in range(20_000):
        last = f"2018-0{draw.randrange(1, 7)}-{draw.randrange(1, 29):02d}"
        rows.append(f"2018-07-21,Peru,{last},2017-01-05,{draw.randrange(1, 50)},{draw.choice((2640, 3520, 4400))}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    command: list[str | Path] = [PROGRAM, "vouchers", "import", path, *_place(home)]
    subprocess.run(command, stdout=subprocess.DEVNULL, env=_environment(), check=True)


def _place(home: Path) -> list[str]:
    return ["--home", str(home), "--tenant", TENANT, "--json"]


def _environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return clean | {"HOLDFAST_REQUESTS_PER_MINUTE": "0"}


def _run(*arguments: str, home: Path) -> dict[str, str]:
    done = subprocess.run([PROGRAM, *arguments, *_place(home)], capture_output=True, env=_environment(), check=True)
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


@contextmanager
def _server(home: Path) -> Iterator[tuple[str, int]]:
    """The address and the process of a server that runs meanwhile."""
    command: list[str | Path] = [PROGRAM, "serve", "--port", "0", "--workers", "0", "--home", home, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()) as process:
        try:
            yield json.loads(_first_object(process))["address"], process.pid
        finally:
            process.terminate()


def _first_object(process: "subprocess.Popen[bytes]") -> str:
    text = ""
    assert process.stdout is not None
    for line in process.stdout:
        text += line.decode()
        if line.startswith(b"}"):
            return text
    sys.exit("The server did not start.")


def _processor_seconds(process: int) -> float:
    """What a process has worked so far, in user and system mode; 0 where the system does not tell."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- questions -------------------------------------------------------------------------------------------------------


def _questions(customers: int) -> Mapping[str, Ask]:
    """One question of each kind; another customer, page or bound each time, so that no answer was there before."""

    def somebody(draw: random.Random) -> str:
        return f"C{draw.randrange(customers):07d}"

    def listed(client: httpx.Client, draw: random.Random) -> httpx.Response:
        return client.get("/api/v1/customers", params={"limit": 50 + draw.randrange(950)})

    def filtered(client: httpx.Client, draw: random.Random) -> httpx.Response:
        where = [
            f"risk_band={draw.choice(('low', 'medium', 'high', 'one_time'))}",
            f"net_revenue>={draw.random() * 500:.2f}",
        ]
        sort = draw.choice(("-net_revenue", "churn_ratio", "-p_buy", "days_since_last_order"))
        return client.get("/api/v1/customers", params={"where": where, "sort": sort, "limit": 50})

    def preview(client: httpx.Client, draw: random.Random) -> httpx.Response:
        rule = {"where": {"order_count": {"min": 1 + draw.randrange(5)}, "net_revenue": {"min": draw.random() * 500}}}
        return client.post("/api/v1/segments/preview", json=rule)

    def voucher(draw: random.Random) -> Mapping[str, object]:
        """A customer whose last order was 1 to 400 days ago."""
        last = date(2018, 7, 1) - timedelta(days=draw.randrange(1, 400))
        return {
            "customer_id": somebody(draw), "total_orders": draw.randrange(45), "country_code": "Peru",
            "last_order_ts": f"{last} 12:00:00", "first_order_ts": "2016-01-05 00:00:00", "as_of": "2018-07-01",
            "segment_name": draw.choice(("frequent_segment", "recency_segment")),
        }  # fmt: skip

    def offer(client: httpx.Client, draw: random.Random) -> httpx.Response:
        """Of today; answers 201 where it is recorded, which counts as well."""
        body = {name: value for name, value in voucher(draw).items() if name != "as_of"}
        return client.post("/api/v1/vouchers/offers", json=body)

    return {
        EMPTY: lambda client, _: client.get("/api/v1/ping"),
        "predict": lambda client, draw: client.post("/api/v1/predict", json={"customer_id": somebody(draw)}),
        "customer": lambda client, draw: client.get(f"/api/v1/customers/{somebody(draw)}?reasons=false"),
        "customer with reasons": lambda client, draw: client.get(f"/api/v1/customers/{somebody(draw)}"),
        "list, kept in the cache": lambda client, _: client.get("/api/v1/customers?limit=50"),
        "list, 50 to 1,000 customers": listed,
        "list, filtered and sorted": filtered,
        "segments": lambda client, _: client.get("/api/v1/segments"),
        "rule preview": preview,
        "voucher decision": lambda client, draw: client.post("/api/v1/vouchers/decision", json=voucher(draw)),
        "voucher segments": lambda client, _: client.get("/api/v1/vouchers/segments"),
        "voucher offer, recorded": offer,
    }


def _warm(address: str, key: str, questions: Mapping[str, Ask]) -> None:
    """Ask everything a few times, so that nothing that happens once is measured."""
    draw = random.Random(1)
    with _client(address, key) as client:
        for name, ask in questions.items():
            for _ in range(5):
                answer = ask(client, draw)
                if answer.status_code not in (200, 201):
                    sys.exit(f"{name}: {answer.status_code} {answer.text[:500]}")


def _ask_for(seconds: float, clients: int, address: str, key: str, ask: Ask) -> list[float]:
    """Seconds of all answers that some clients got within a time, each with a connection of its own."""
    taken: list[list[float]] = [[] for _ in range(clients)]
    begin = threading.Barrier(clients)

    def one(nth: int) -> None:
        draw = random.Random(f"{nth} {perf_counter()}")
        with _client(address, key) as client:
            client.get("/api/v1/ping")
            begin.wait()
            until = perf_counter() + seconds
            while (begun := perf_counter()) < until:
                answer = ask(client, draw)
                taken[nth].append(perf_counter() - begun)
                if answer.status_code not in (200, 201):
                    raise RuntimeError(answer.text[:500])

    threads = [threading.Thread(target=one, args=(nth,)) for nth in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for own in taken for each in own]


def _client(address: str, key: str) -> httpx.Client:
    return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=60)


# --- what is shown ---------------------------------------------------------------------------------------------------


def _shown(
    results: Mapping[tuple[str, int], Measured],
    customers: int,
    numbers: list[int],
    prepared: Mapping[str, float],
    note: str | None,
) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in machine().items())
    steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in prepared.items())
    rows = []
    for clients in numbers:
        anchor = results[EMPTY, clients].quantile(0.95)
        for (name, at), measured in results.items():
            if at == clients:
                p50, p95, p99 = (measured.quantile(share) for share in (0.5, 0.95, 0.99))
                cells = [f"{p50:.1f}", f"{p95:.1f}", f"{p99:.1f}", f"{p95 / anchor:.1f}", f"{measured.work:.1f}"]
                rows.append([str(clients), name, f"{len(measured.seconds):,}", *cells])
    heads = ["clients", "question", "answers", "p50 ms", "p95 ms", "p99 ms", "p95 / empty", "processor ms"]
    told = f"{customers:,} customers. Measured with {facts}; load average {os.getloadavg()[0]:.1f}."
    return f"{told}{f' {note}' if note else ''} Prepared: {steps}.\n\n{table(heads, rows)}"


if __name__ == "__main__":
    sys.exit(main())
