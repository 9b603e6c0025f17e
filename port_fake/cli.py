"""The command ``port-fake``. Mistakes of the user get one line and exit code 2."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from port_fake.control.register import Register
    from port_fake.fake import FakePort

CLIENT_ID: Final = "port-fake-client-id"
CLIENT_SECRET: Final = "port-fake-client-secret"  # noqa: S105 - a fake's, and public
SCENARIO: Final = "microservice"
NAME: Final = "default"
"""Of the organisation that is served, in the control API."""
CONTROL: Final = "/_fake/openapi.json"
PORT: Final = 8080
LAST_PORT: Final = 65_535


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> Parser:
    parser = Parser(prog="port-fake", description="A fake of Port's action-run API.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    serve = commands.add_parser(
        "serve",
        help="run the fake for local development",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    serve.add_argument(
        "--port", type=_port, default=PORT, help="the port to listen on; 0 picks a free one"
    )
    serve.add_argument(
        "--client-id",
        default=argparse.SUPPRESS,
        help=f"the client id to accept (default: {CLIENT_ID}, or the state's)",
    )
    serve.add_argument(
        "--client-secret",
        default=argparse.SUPPRESS,
        help=f"its secret (default: {CLIENT_SECRET}, or the state's)",
    )
    serve.add_argument(
        "--scenario",
        default=SCENARIO,
        metavar="NAME_OR_DIR",
        help="what to start with: a scenario that comes along, or a folder",
    )
    serve.add_argument(
        "--state",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="FILE",
        help="go on from FILE, if there is one, instead of the scenario, and keep everything in "
        "it, secrets included; a crash loses at most the last second",
    )
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="a host beside this machine that webhooks may be sent to; may be repeated",
    )
    serve.add_argument(
        "--kafka",
        action="store_true",
        help="run a Kafka broker beside it, on this machine only; needs port-fake[kafka]",
    )
    serve.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="FAULT",
        help="what is to go wrong, such as 'GET /v1/actions/runs status=503 times=2' or "
        "'execute-self-service-action drop=after probability=0.1 times=always'; may be repeated",
    )
    serve.add_argument(
        "--seed",
        type=int,
        help="repeat ids and timestamps; without it ids are random and time is the machine's",
    )
    serve.add_argument(
        "--no-control",
        dest="control",
        action="store_false",
        help="do not serve the control API under /_fake/",
    )
    serve.add_argument(
        "--control-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which the control API may be called, beside localhost and the addresses "
        "of this machine; may be repeated",
    )
    serve.set_defaults(run=_serve)
    _add_seed(commands)
    openapi = commands.add_parser("openapi", help="print the OpenAPI document of the fake")
    openapi.set_defaults(run=_openapi)
    assumed = commands.add_parser(
        "assumptions", help="list what the fake assumes where Port's behaviour is unknown"
    )
    assumed.set_defaults(run=_assumptions)
    _add_contracts(commands)
    return parser


def _add_seed(commands: argparse._SubParsersAction[Parser]) -> None:
    seed = commands.add_parser(
        "seed",
        help="write a scenario with people, services and past runs, all made up",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    seed.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write it")
    seed.add_argument("--runs", type=int, default=1000, metavar="N", help="how many runs")
    seed.add_argument("--people", type=int, default=24, metavar="N", help="how many people")
    seed.add_argument("--services", type=int, default=18, metavar="N", help="how many services")
    seed.add_argument("--weeks", type=int, default=6, metavar="N", help="how far runs go back")
    seed.add_argument("--seed", type=int, default=0, help="the same writes the same")
    seed.add_argument(
        "--force", action="store_true", help="overwrite a scenario that is there already"
    )
    seed.set_defaults(run=_seed)


def _add_contracts(commands: argparse._SubParsersAction[Parser]) -> None:
    from port_fake.contracts.command import add_commands
    from port_fake.contracts.exchanges.command import add_record

    contracts = commands.add_parser("contracts", help="ask whether the fake and Port still agree")
    add_commands(contracts.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser))
    add_record(commands)


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 0 to {LAST_PORT}")


def _serve(options: argparse.Namespace) -> int:
    # Nothing that comes up here is ever garbage: looking for some costs a tenth of the start.
    gc.disable()
    from port_fake.errors import MisuseError
    from port_fake.fake import FakePort

    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    state = getattr(options, "state", None)
    goes_on = state is not None and state.exists()
    try:
        fake = FakePort(
            name="port-fake serve",
            seed=options.seed,
            scenario=options.scenario,
            state=state,
            client_id=getattr(options, "client_id", None if goes_on else CLIENT_ID),
            client_secret=getattr(options, "client_secret", None if goes_on else CLIENT_SECRET),
            allow_hosts=options.allow_host,
            kafka=options.kafka,
            host=options.host,
            port=options.port,
        )
        _set_faults(fake, options.fault)
        register = _controlled(fake, options)
        asyncio.run(_until_told(fake, state, register))
    except MisuseError as error:
        return _complain(str(error))
    except (OSError, UnicodeError) as error:  # the latter for hosts that cannot be a name
        reason = getattr(error, "strerror", None) or str(error)
        return _complain(f"cannot listen on {options.host} port {options.port}: {reason}")
    finally:
        gc.enable()
    return 0


def _set_faults(fake: FakePort, lines: Sequence[str]) -> None:
    if lines:
        from port_fake.http.fault_lines import read

        for line in lines:
            fake.tenant.faults.add(read(line))


def _controlled(fake: FakePort, options: argparse.Namespace) -> Register:
    from port_fake.control.mount import mount
    from port_fake.control.register import Register

    register = Register(fake)
    register.admit(NAME, lambda _: fake)
    if options.control:
        mount(register, hosts=(options.host, *options.control_host))
    return register


async def _until_told(fake: FakePort, state: Path | None, register: Register) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    async with fake:
        with nullcontext() if state is None else fake.kept_in(state):
            gc.freeze()
            gc.enable()
            print(_greeting(fake), flush=True)
            await told.wait()
            register.close()


def _greeting(fake: FakePort) -> str:
    login = quote(json.dumps({"clientId": fake.client_id, "clientSecret": fake.client_secret}))
    kafka = f"\nKafka broker:  {fake.kafka_address}" if fake.world.brokers else ""
    control = f"\ncontrol API:   {fake.base_url}{CONTROL}" if fake.api.annex is not None else ""
    return f"""port-fake listening on {fake.base_url}
client id:     {fake.client_id}
client secret: {fake.client_secret}{kafka}{control}

Try it:
  TOKEN=$(curl -s {fake.base_url}/v1/auth/access_token -H 'Content-Type: application/json' \\
    -d {login} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s {fake.base_url}/v1/actions/runs -H "Authorization: Bearer $TOKEN"

Ctrl-C ends it."""


def _seed(options: argparse.Namespace) -> int:
    from port_fake.errors import MisuseError
    from port_fake.population.organisation import invented, write

    try:
        parts = invented(
            runs=options.runs,
            seed=options.seed,
            people_count=options.people,
            service_count=options.services,
            weeks=options.weeks,
        )
        write(parts, options.out, force=options.force)
    except MisuseError as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"cannot write {options.out}: {error.strerror or error}")
    counts = ", ".join(f"{len(documents)} {name}" for name, documents in parts.items())
    return _tell(
        f"wrote {counts} to {options.out}\n"
        f"serve them with: port-fake serve --scenario {quote(str(options.out))}"
    )


def _openapi(_: argparse.Namespace) -> int:
    from port_fake.dialects.port.dialect import PORT as DIALECT
    from port_fake.surface.document import document

    return _tell(json.dumps(document(DIALECT), indent=2))


def _assumptions(_: argparse.Namespace) -> int:
    from port_fake.assumptions import assumptions

    return _tell("\n".join(f"{one.place}: {one.text}" for one in assumptions()))


def _tell(text: str) -> int:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Who reads has seen enough, as `head` does. Python would trip over it again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _complain(message: str) -> int:
    print(f"port-fake: {' '.join(message.split())}", file=sys.stderr)
    return 2
