"""What Twilio is told to do with a call."""

from __future__ import annotations

from twilio.twiml.voice_response import Gather, VoiceResponse

from services.notify.rules.calls import Spoken

VOICES = {"vi": "vi-VN", "en": "en-US"}
KEY_SECONDS = 6


def twiml(spoken: Spoken | None) -> str:
    """Return the TwiML that says something, and asks this very address again with the key; None hangs up."""
    response = VoiceResponse()
    if spoken is None:
        response.hangup()
        return str(response)
    language = VOICES[spoken.language]
    if not spoken.keys:
        response.say(spoken.text, language=language)
        return str(response)
    gather = Gather(input="dtmf", num_digits=1, timeout=KEY_SECONDS, method="POST")
    for turn in range(spoken.times):
        if turn:
            gather.pause(length=1)
        gather.say(spoken.text, language=language)
    response.append(gather)
    response.hangup()
    return str(response)
