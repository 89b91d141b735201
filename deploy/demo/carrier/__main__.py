"""Run the carrier: `python -m deploy.demo.carrier --port 9000 --account-sid AC… --auth-token …`."""

from __future__ import annotations

import argparse
import logging

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
    uvicorn.run(carrier.app(), host="127.0.0.1", port=chosen.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
