"""Webhooks as payOS's Python package signs them, a line each: {"by","key","body"}. Judged by tests/it/providers.rs."""

import json

from payos._crypto import CryptoProvider

KEY = "khoa-checksum-cua-kenh-2"


def movement(n: int) -> dict:
    return {
        "orderCode": 9000 + n,
        "amount": 2000 + n * 41,
        "description": f"CS99LLIO075 HT7K2M9QA đơn {n}/\"a&b=c\"",
        "accountNumber": "0123456789",
        "reference": f"FT26328{n}",
        "transactionDateTime": "2026-11-23 09:01:00",
        "currency": "VND",
        "paymentLinkId": f"lien-ket-{n}",
        "code": "00",
        "desc": "Thành công",
        "counterAccountBankId": None,
        "counterAccountBankName": "",
        "counterAccountName": "NGUYỄN VĂN B",
        "counterAccountNumber": None,
        "virtualAccountName": None,
        "virtualAccountNumber": "",
    }


crypto = CryptoProvider()
for number in range(40):
    data = movement(number)
    signature = crypto.create_signature_from_object(data, KEY)
    # Half of them escape what is not ASCII, as json.dumps does unless told otherwise: the signature is over the text itself.
    body = json.dumps(
        {"code": "00", "desc": "success", "success": True, "data": data, "signature": signature},
        ensure_ascii=number % 2 == 0,
    )
    print(json.dumps({"by": "payos (Python)", "key": KEY, "body": body}))
