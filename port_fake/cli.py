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
from shlex import quote
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from port_fake.fake import FakePort

CLIENT_ID: Final = "port-fake-client-id"
CLIENT_SECRET: Final = "port-fake-client-secret"  # noqa: S105 - a fake's, and public
SCENARIO: Final = "microservice"
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
    serve.add_argument("--client-id", default=CLIENT_ID, help="the client id to accept")
    serve.add_argument("--client-secret", default=CLIENT_SECRET, help="its secret")
    serve.add_argument(
        "--scenario",
        default=SCENARIO,
        metavar="NAME_OR_DIR",
        help="what to start with: a scenario that comes along, or a folder",
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
        "--seed",
        type=int,
        help="repeat ids and timestamps; without it ids are random and time is the machine's",
    )
    serve.set_defaults(run=_serve)
    openapi = commands.add_parser("openapi", help="print the OpenAPI document of the fake")
    openapi.set_defaults(run=_openapi)
    assumed = commands.add_parser(
        "assumptions", help="list what the fake assumes where Port's behaviour is unknown"
    )
    assumed.set_defaults(run=_assumptions)
    contracts = commands.add_parser("contracts", help="ask whether the fake and Port still agree")
    _contracts(contracts)
    return parser


def _contracts(parser: argparse.ArgumentParser) -> None:
    from port_fake.contracts.command import add_commands

    add_commands(parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser))


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 0 to {LAST_PORT}")


def _serve(options: argparse.Namespace) -> int:
    # Nothing that is imported or arranged here is ever garbage: looking for some costs a tenth of
    # the start.
    gc.disable()
    from port_fake.errors import MisuseError
    from port_fake.fake import FakePort

    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        fake = FakePort(
            name="port-fake serve",
            seed=options.seed,
            scenario=options.scenario,
            client_id=options.client_id,
            client_secret=options.client_secret,
            allow_hosts=options.allow_host,
            kafka=options.kafka,
            host=options.host,
            port=options.port,
        )
        asyncio.run(_until_told(fake, options.client_secret))
    except MisuseError as error:
        return _complain(str(error))
    except (OSError, UnicodeError) as error:  # the latter for hosts that cannot be a name
        reason = getattr(error, "strerror", None) or str(error)
        return _complain(f"cannot listen on {options.host} port {options.port}: {reason}")
    finally:
        gc.enable()
    return 0


async def _until_told(fake: FakePort, secret: str) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    async with fake:
        gc.freeze()
        gc.enable()
        print(_greeting(fake, secret), flush=True)
        await told.wait()


def _greeting(fake: FakePort, secret: str) -> str:
    login = quote(json.dumps({"clientId": fake.client_id, "clientSecret": secret}))
    kafka = f"\nKafka broker:  {fake.kafka_address}" if fake.world.brokers else ""
    return f"""port-fake listening on {fake.base_url}
client id:     {fake.client_id}
client secret: {secret}{kafka}

Try it:
  TOKEN=$(curl -s {fake.base_url}/v1/auth/access_token -H 'Content-Type: application/json' \\
    -d {login} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s {fake.base_url}/v1/actions/runs -H "Authorization: Bearer $TOKEN"

Ctrl-C ends it."""


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
