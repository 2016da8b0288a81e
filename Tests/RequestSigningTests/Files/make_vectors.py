"""Writes vectors.json: requests and their signatures, computed by botocore, Amazon's own signer.

usage: python3 make_vectors.py > vectors.json   (botocore 1.43 or near it)
"""
import datetime
import json
import sys

import botocore
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TIME = datetime.datetime(2015, 8, 30, 12, 36, 0, tzinfo=datetime.timezone.utc)

# The cases of the Signature Version 4 test suite that Amazon published, and those of the services that are used.
CASES = [
    ("get-vanilla", "GET", "/", [], {}, ""),
    ("get-vanilla-query-order-key-case", "GET", "/", [("Param2", "value2"), ("Param1", "value1")], {}, ""),
    ("get-vanilla-query-order-value", "GET", "/", [("Param1", "value2"), ("Param1", "value1")], {}, ""),
    ("get-vanilla-utf8-query", "GET", "/", [("\u1234", "bar")], {}, ""),
    ("get-vanilla-empty-query-key", "GET", "/", [("Param1", "")], {}, ""),
    ("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", [], {}, ""),
    ("get-utf8", "GET", "/%E1%88%B4", [], {}, ""),
    ("get-space", "GET", "/example%20space/", [], {}, ""),
    ("get-relative", "GET", "/example/..", [], {}, ""),
    ("get-slashes", "GET", "//example//", [], {}, ""),
    ("get-slash-dot-slash", "GET", "/./", [], {}, ""),
    ("post-vanilla", "POST", "/", [], {}, ""),
    ("post-header-key-sort", "POST", "/", [], {"My-Header1": "value1"}, ""),
    ("post-header-value-spaces", "GET", "/", [], {"My-Header1": "  value1   and   more  "}, ""),
    ("post-x-www-form-urlencoded", "POST", "/", [], {"Content-Type": "application/x-www-form-urlencoded"}, "Param1=value1"),
    ("post-many-blocks", "POST", "/", [], {"Content-Type": "text/plain"}, "x" * 1000),
    ("publish", "POST", "/", [], {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
     "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A123456789012%3Aa&Message=h%C3%B6ren"),
]


class Fixed(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return TIME.replace(tzinfo=None)

    @classmethod
    def now(cls, tz=None):
        return TIME


def signed(name, method, path, query, headers, body, service, token):
    import botocore.auth
    botocore.auth.datetime = type("d", (), {"datetime": Fixed, "timezone": datetime.timezone})
    if hasattr(botocore.auth, "get_current_datetime"):
        botocore.auth.get_current_datetime = lambda *a, **k: TIME.replace(tzinfo=None)
    request = AWSRequest(method=method, url="https://example.amazonaws.com" + path, data=body.encode(), headers=headers)
    if query:
        from urllib.parse import quote
        request.url += "?" + "&".join(quote(n, safe="-_.~") + "=" + quote(v, safe="-_.~") for n, v in query)
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(Credentials(KEY, SECRET, token), service, "us-east-1")
    signer.add_auth(request)
    assert request.headers["X-Amz-Date"] == "20150830T123600Z", request.headers["X-Amz-Date"]
    return {
        "name": name, "method": method, "path": path, "query": query, "headers": headers, "body": body, "service": service,
        "token": token, "authorization": request.headers["Authorization"],
    }


vectors = [signed(*case, "service", None) for case in CASES]
vectors.append(signed("session-token", "POST", "/", [], {}, "a", "sns", "AQoDYXdzEPT//////////wEXAMPLE"))
vectors.append(signed("object", "GET", "/a%20b/./c", [("list-type", "2"), ("prefix", "p/")], {}, "", "s3", None))
json.dump({"botocore": botocore.__version__, "vectors": vectors}, sys.stdout, indent=1, ensure_ascii=True)
print()
