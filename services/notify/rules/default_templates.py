"""The templates that hold while none is in force in the database: a few fixed texts, one GSM-7 segment at their longest."""

from __future__ import annotations

from collections.abc import Mapping

from services.notify.rules.template import Template

VIETNAMESE: Mapping[str, str] = {
    "page_reply_sender": "BVTE: MUC {level}, ma {code}. Nhan viec truoc {time}. Tra loi OK {code} de nhan, KHONG {code} "
    "neu khong the, hoac goi {duty}. Khong chuyen tiep.",
    "page_reply_number": "BVTE: MUC {level}, ma {code}. Nhan viec truoc {time}. Soan OK {code} (hoac KHONG {code}) "
    "gui {reply}, hoac goi {duty}. Khong chuyen tiep.",
    "page_no_reply": "BVTE: MUC {level}, ma {code}. Nhan viec truoc {time}. Mo trang BVTE de nhan hoac goi {duty}. "
    "Khong tra loi hay chuyen tiep.",
    "page_bundle": "BVTE: {n} ma cho nhan, cao nhat MUC {level}: {codes}. Nhan viec truoc {time}. "
    "Soan OK va ma, gui {reply}, hoac goi {duty}.",
    "page_bundle_no_reply": "BVTE: {n} ma cho nhan, cao nhat MUC {level}: {codes}. Nhan viec truoc {time}. "
    "Mo trang BVTE hoac goi {duty}. Khong tra loi.",
    "support_notice": "BVTE: don vi anh/chi phoi hop ma {code}, MUC {level}. Ben chu tri se lien he. "
    "Khong can tra loi. Can hoi, goi {duty}.",
    "contact_reminder": "BVTE: ma {code}, MUC {level}: chua ghi lien he dau tien, han {contact}. "
    "Lien he ngay roi ghi tren trang BVTE. Can giup, goi {duty}.",
    "seen_reminder": "BVTE: ma {code}, MUC {level}: chua ghi gap truc tiep, han {time}. "
    "Lam ngay roi ghi tren trang BVTE. Can giup, goi {duty}.",
    "form02_reminder": "BVTE: ma {code}, MUC {level}: chua ghi Mau 02, han {time}. "
    "Lam ngay roi ghi tren trang BVTE. Can giup, goi {duty}.",
    "taken_by_other": "BVTE: ma {code} da co nguoi nhan luc {time}. Anh/chi khong can nhan nua. Khong can tra loi.",
    "answer_ok": "BVTE: anh/chi da nhan ma {code} luc {time}. Lien he dau tien truoc {contact}. "
    "Xem chi tiet tren trang BVTE hoac goi {duty}.",
    "answer_decline": "BVTE: da ghi anh/chi khong nhan ma {code}. He thong dang bao nguoi khac. Doi y thi goi {duty}.",
    "answer_escalated": "BVTE: da chuyen cap ma {code}. He thong dang bao nguoi tiep theo. Can hoi, goi {duty}.",
    "answer_status": "BVTE: ma {code}, MUC {level}: CHUA CO nguoi nhan, han {time}. "
    "Soan OK {code} de nhan. Can hoi, goi {duty}.",
    "answer_bare_ok": "BVTE: CHUA NHAN vi thieu ma. Ma dang cho: {codes}. Soan OK va ma, gui {reply}, hoac goi {duty}.",
    "answer_how_to": "BVTE: CHUA HIEU tin nay. Soan OK va ma de nhan, KHONG va ma neu khong the, "
    "CHUYEN va ma de chuyen cap, gui {reply}, hoac goi {duty}.",
    "answer_unknown_code": "BVTE: CHUA NHAN. Ma sai hoac khong thuoc so may nay. Xem ma trong tin BVTE, "
    "soan OK va ma, gui {reply}, hoac goi {duty}.",
    "answer_closed": "BVTE: ma {code} da ket thuc luc {time}, khong can nhan nua. Co tin moi, goi {duty}.",
    "contact_code": "BVTE: ma xac minh so may la {otp}, dung trong {n} phut. Khong dua ma nay cho bat ky ai.",
    "duty_handover": "BVTE: anh/chi truc tu {from} den {to}, nhan ban giao {n} viec. Xem tren trang BVTE. "
    "Khong truc duoc, goi ngay {duty}.",
    "test_message": "BVTE: TIN THU, khong co vu viec. Soan OK {code} gui {reply} de bao da doc. Can hoi, goi {duty}.",
}

ENGLISH: Mapping[str, str] = {
    "page_reply_sender": "BVTE: level {level}, code {code}. Take it before {time}. Reply OK {code} to take it, "
    "KHONG {code} if you cannot, or call {duty}. Do not forward.",
    "page_reply_number": "BVTE: level {level}, code {code}. Take it before {time}. Text OK {code} (or KHONG {code}) "
    "to {reply}, or call {duty}. Do not forward.",
    "page_no_reply": "BVTE: level {level}, code {code}. Take it before {time}. Open the BVTE page to take it or "
    "call {duty}. Do not reply or forward.",
    "page_bundle": "BVTE: {n} codes wait, highest level {level}: {codes}. Take before {time}. "
    "Text OK and a code to {reply}, or call {duty}.",
    "page_bundle_no_reply": "BVTE: {n} codes wait, highest level {level}: {codes}. Take before {time}. "
    "Open the BVTE page or call {duty}. Do not reply or forward.",
    "support_notice": "BVTE: your unit supports code {code}, level {level}. The lead will contact you. "
    "No reply needed. Questions: call {duty}.",
    "contact_reminder": "BVTE: code {code}, level {level}: no first contact recorded, due {contact}. "
    "Make contact now, record it on the BVTE page. Help: call {duty}.",
    "seen_reminder": "BVTE: code {code}, level {level}: no visit recorded, due {time}. "
    "Do it now and record it on the BVTE page. Help: call {duty}.",
    "form02_reminder": "BVTE: code {code}, level {level}: no Form 02 recorded, due {time}. "
    "Do it now and record it on the BVTE page. Help: call {duty}.",
    "taken_by_other": "BVTE: code {code} was taken by someone at {time}. You need not take it. No reply needed.",
    "answer_ok": "BVTE: you took code {code} at {time}. First contact before {contact}. "
    "Details are on the BVTE page, or call {duty}.",
    "answer_decline": "BVTE: noted, you do not take code {code}. Others are being told. To change your mind, "
    "call {duty}.",
    "answer_escalated": "BVTE: code {code} was escalated. The next people are being told now. Questions: call {duty}.",
    "answer_status": "BVTE: code {code}, level {level}: NOT TAKEN yet, due {time}. Text OK {code} to take it. "
    "Questions: call {duty}.",
    "answer_bare_ok": "BVTE: NOT TAKEN, the code is missing. Codes waiting: {codes}. "
    "Text OK and the code to {reply}, or call {duty}.",
    "answer_how_to": "BVTE: NOT UNDERSTOOD. Text OK and the code to take it, KHONG and code if you cannot, "
    "CHUYEN and code to escalate, to {reply}, or call {duty}.",
    "answer_unknown_code": "BVTE: NOT TAKEN. The code is wrong or not for this phone. See the code in our message, "
    "text OK and the code to {reply}, or call {duty}.",
    "answer_closed": "BVTE: code {code} was closed at {time}, you need not take it. For anything new, call {duty}.",
    "contact_code": "BVTE: the code to confirm this phone is {otp}, valid for {n} minutes. Give it to nobody.",
    "duty_handover": "BVTE: you are on duty from {from} to {to} and take over {n} cases. See the BVTE page. "
    "If you cannot, call {duty} now.",
    "test_message": "BVTE: TEST, there is no case. Text OK {code} to {reply} to say you read it. Questions: call {duty}.",
}

DEFAULTS: Mapping[tuple[str, str], Template] = {
    (name, language): Template(name, language, text)
    for language, texts in (("vi", VIETNAMESE), ("en", ENGLISH))
    for name, text in texts.items()
}
"""By name and language."""
