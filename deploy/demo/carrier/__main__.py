"""Run the carrier: `python -m deploy.demo.carrier --port 9000 --account-sid AC… --auth-token …`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal

import uvicorn

from deploy.demo.carrier.app import Carrier


def main() -> None:
    """Serve on loopback until a signal."""
    parser = argparse.ArgumentParser(description="A local SMS carrier for demonstrations and tests.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument("--sms-webhook", default=None, help="where replies from phones are sent")
    parser.add_argument("--callbacks", choices=("on", "off"), default="on")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    carrier = Carrier(chosen.account_sid, chosen.auth_token, chosen.sms_webhook, callbacks=chosen.callbacks == "on")
    server = uvicorn.Server(
        uvicorn.Config(
            carrier.app(),
            host="127.0.0.1",
            port=chosen.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )
    asyncio.run(_serve(server))


async def _serve(server: uvicorn.Server) -> None:
    """Serve until SIGTERM or SIGINT and end with status 0."""

    def stop() -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign] # exit 0 after a signal
    await server.serve()


if __name__ == "__main__":
    main()
