"""The thing to compare with: an aiohttp application that answers a constant."""

import sys

from aiohttp import web

CONSTANT = b'{"ok":true,"run":{"id":"r_0123456789abcdef"}}'


async def answer(_: web.Request) -> web.Response:
    """Answer the constant."""
    return web.Response(body=CONSTANT, content_type="application/json")


def main() -> None:
    """Serve on a free port and say which."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    web.run_app(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=None,
        print=lambda *_: print(f"listening on http://127.0.0.1:{sys.argv[1]}", flush=True),
    )


if __name__ == "__main__":
    main()
