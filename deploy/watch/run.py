"""`heedline watch`: rounds on a schedule, an alarm when one fails, a ping when it went well."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import httpx

from deploy.watch.alarm import Alarm, Channel, HttpAlarm, MailAlarm, Notice, SmsAlarm
from deploy.watch.phone import Account, AnswerByApi, AnswerBySms, CarrierInbox, ReportedInbox, twilio_client
from deploy.watch.round import REQUEST_LIMIT, Answers, Inbox, Product, RoundFailedError, Stage, Watch, http_client
from deploy.watch.settings import WatchSettings
from deploy.watch.unit import TEST_PERSON
from shared.clock import vietnam_time
from shared.observability import logger

log = logger(__name__)

_WORDS = {
    Stage.REPORT: "khong nhan thong tin",
    Stage.SMS: "khong gui duoc SMS",
    Stage.ANSWER: "khong tra loi duoc",
    Stage.ACKNOWLEDGED: "khong ghi nhan tra loi",
    Stage.CLOSED: "khong ket thuc duoc",
}


@contextmanager
def opened(settings: WatchSettings) -> Iterator[tuple[Watch, Alarm]]:
    """Give the watch and its alarm as the settings say, and close their connections in the end."""
    with ExitStack() as stack:
        product = Product(stack.enter_context(http_client(settings.url, settings.key)))
        inbox: Inbox = ReportedInbox(product)
        answers: Answers = AnswerByApi(product, TEST_PERSON)
        if settings.inbox_account_sid and settings.inbox_auth_token:
            account = Account(settings.inbox_account_sid, settings.inbox_auth_token, settings.inbox_api_base)
            client = stack.enter_context(twilio_client(account))
            inbox = CarrierInbox(client, settings.phone)
            if settings.reply_to:
                answers = AnswerBySms(client, settings.phone, settings.reply_to)
        watch = Watch(product, inbox, answers, TEST_PERSON, settings.limit.total_seconds())
        yield watch, Alarm(_channels(settings, stack), settings.alarm_again_seconds, time.monotonic)


def _channels(settings: WatchSettings, stack: ExitStack) -> list[Channel]:
    channels: list[Channel] = []
    if settings.alarm_account_sid and settings.alarm_auth_token and settings.alarm_from:
        account = Account(settings.alarm_account_sid, settings.alarm_auth_token, settings.alarm_api_base)
        client = stack.enter_context(twilio_client(account))
        channels.append(SmsAlarm(client, settings.alarm_from, settings.alarm_to))
    if settings.alarm_smtp and settings.alarm_mail_from:
        channels.append(MailAlarm(settings.alarm_smtp, settings.alarm_mail_from, settings.alarm_mail_to))
    if settings.alarm_url:
        channels.append(HttpAlarm(settings.alarm_url))
    return channels


def run_once(settings: WatchSettings, watch: Watch, alarm: Alarm) -> bool:
    """Run one round, tell what has to be told, and return whether it went well."""
    at = vietnam_time(datetime.now(UTC))
    try:
        took = watch.round()
    except RoundFailedError as error:
        log.error("watch_failed", stage=error.stage.name, case_code=error.case_code, detail=str(error))  # noqa: TRY400 - the alarm tells it
        words = f"BVTE GIAM SAT: he thong bao dong CO LOI luc {at}: {_WORDS[error.stage]}. Kiem tra ngay, goi {settings.duty_number}."
        alarm.failed(Notice(failing=True, text=words, detail=f"{error} ({error.case_code or 'no case'})"))
        return False
    log.info("watch_passed", seconds=round(took, 1))
    words = f"BVTE GIAM SAT: he thong bao dong chay lai luc {at}."
    alarm.went_well(Notice(failing=False, text=words, detail=f"acknowledged after {took:.0f} s"))
    _ping(settings)
    return True


def run_for_ever(settings: WatchSettings) -> None:
    """Run rounds until SIGTERM or SIGINT."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with opened(settings) as (watch, alarm):
        while not stopped.is_set():
            began = time.monotonic()
            run_once(settings, watch, alarm)
            stopped.wait(max(0.0, settings.every.total_seconds() - (time.monotonic() - began)))


def _ping(settings: WatchSettings) -> None:
    """Tell the dead man's switch that the watch is alive and content; its silence is the alarm."""
    if settings.ping_url:
        try:
            httpx.get(settings.ping_url, timeout=REQUEST_LIMIT).raise_for_status()
        except httpx.HTTPError as error:
            log.warning("ping_failed", cause=type(error).__name__)
