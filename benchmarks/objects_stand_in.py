"""A stand-in for S3 that counts and hashes what comes, cuts one connection in the middle of a part, and shows an object when it is whole.

usage: objects_stand_in.py PORT REPORT [PARTS TO CUT, such as 3,40]
"""
import hashlib
import http.server
import json
import re
import socket
import socketserver
import sys
import threading
import urllib.parse

uploads, objects, lock = {}, {}, threading.Lock()
seen = {"requests": 0, "cut": 0, "most_body": 0}
CUT = set(int(part) for part in sys.argv[3].split(",")) if len(sys.argv) > 3 else {3}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def parts(self):
        path, _, query = self.path.partition("?")
        return path, dict(urllib.parse.parse_qsl(query, keep_blank_values=True))

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self, cut=None):
        left, digest, count = int(self.headers.get("Content-Length", 0)), hashlib.sha256(), 0
        seen["most_body"] = max(seen["most_body"], left)
        chunks = []
        while left:
            chunk = self.rfile.read(min(left, 1 << 20))
            if not chunk:
                raise ConnectionError
            left -= len(chunk)
            count += len(chunk)
            if cut and count >= cut:
                return None
            digest.update(chunk)
            chunks.append(chunk)
        return b"".join(chunks)

    def do_PUT(self):
        path, query = self.parts()
        with lock:
            seen["requests"] += 1
        number = int(query.get("partNumber", 0))
        cut = None
        with lock:
            if number in CUT:
                CUT.discard(number)
                cut = 4 << 20
                seen["cut"] += 1
        data = self.body(cut)
        if data is None:
            # As a network that goes away: a reset in the middle of the body.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.connection.close()
            self.close_connection = True
            return
        tag = '"%s"' % hashlib.md5(data).hexdigest()
        with lock:
            if number:
                uploads[query["uploadId"]][number] = (len(data), tag, data)
            else:
                objects[path] = hashlib.sha256(data).hexdigest()
        self.answer(200, headers=[("ETag", tag)])

    def do_POST(self):
        path, query = self.parts()
        body = self.body()
        if "uploads" in query:
            with lock:
                name = "u%d" % len(uploads)
                uploads[name] = {}
            self.answer(200, ("<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>" % name).encode())
            return
        parts = uploads[query["uploadId"]]
        wanted = [(int(n), t) for n, t in re.findall(rb"<PartNumber>(\d+)</PartNumber><ETag>(.*?)</ETag>", body)]
        digest, size = hashlib.sha256(), 0
        for number, tag in wanted:
            assert parts[number][1] == tag.decode().replace("&quot;", '"'), (number, tag)
            digest.update(parts[number][2])
            size += parts[number][0]
        with lock:
            objects[path] = digest.hexdigest()
            json.dump(dict(seen, parts=len(wanted), bytes=size, sha256=digest.hexdigest()), open(sys.argv[2], "w"))
            del uploads[query["uploadId"]]
        self.answer(200, b"<CompleteMultipartUploadResult/>")

    def do_DELETE(self):
        path, query = self.parts()
        with lock:
            uploads.pop(query.get("uploadId"), None)
            json.dump(dict(seen, aborted=True, objects=list(objects)), open(sys.argv[2], "w"))
        self.answer(204)

    def do_GET(self):
        path, _ = self.parts()
        self.answer(200 if path in objects else 404)

    do_HEAD = do_GET


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
