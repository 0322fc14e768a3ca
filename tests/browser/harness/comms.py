"""Every message that widgets send, where there is no kernel to send them."""

import json
import queue
import uuid

import comm
from comm.base_comm import BaseComm

LONG_S = 60


class Comms:
    """Records what widgets send.

    Args:
        monkeypatch: Pytest's.
    """

    def __init__(self, monkeypatch):
        self.messages = []
        self._replies = queue.Queue()
        recorder = self

        class Recorded(BaseComm):
            def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
                recorder._take(data or {})

        monkeypatch.setattr(comm, "create_comm", Recorded)

    def ask(self, widget, kind, **fields):
        """Send a message as the browser does, and return its answer."""
        asked = uuid.uuid4().hex
        widget._receive(widget, {"id": asked, "kind": kind, **fields}, [])
        while True:
            answer = self._replies.get(timeout=LONG_S)
            if answer["id"] == asked:
                return answer

    def text(self, *, but=()):
        """All messages as the JSON that the browser gets, without the front end's own code."""
        return "\n".join(
            json.dumps(_without_code(message), allow_nan=False, ensure_ascii=False, default=str)
            for message in self.messages
            if _content(message).get("id") not in {answer["id"] for answer in but}
        )

    def _take(self, message):
        self.messages.append(message)
        if "ok" in _content(message):
            self._replies.put(_content(message))


def _content(message):
    content = message.get("content")
    return content if isinstance(content, dict) else {}


def _without_code(message):
    state = message.get("state")
    if not isinstance(state, dict):
        return message
    # The front end, and the land of the basemap.
    code = {"_esm", "_css", "data"} if state.get("name") == "land" else {"_esm", "_css"}
    return {**message, "state": {name: v for name, v in state.items() if name not in code}}
