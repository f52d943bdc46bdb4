"""Parse requests as if no client asked for another protocol.

A server may ignore a request to upgrade (RFC 9110, section 7.8), and clients that offer HTTP/2 expect that. httptools ends
such a request after its head, so that its body would be taken for the next request: behind a proxy, a client could send requests
in the name of others. So the head is parsed again without `Upgrade`.
"""

from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class RequestParser(HttpRequestParser):
    """Calls the methods of a connection. It has to ignore a request as long as `should_upgrade()` is true."""

    def __init__(self, connection: HttpToolsProtocol) -> None:
        super().__init__(connection)
        self._connection = connection
        self.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does, for pipelined requests

    def feed_data(self, data: Any) -> None:
        """Parse the data. Raises HttpParserError."""
        while data:
            try:
                super().feed_data(data)
            except HttpParserUpgrade as upgrade:
                data = memoryview(data)[upgrade.args[0] :]
                self._start_again()
            else:
                return

    def _start_again(self) -> None:
        """Parse the head without `Upgrade`. What follows it is then parsed as its body. Only proxies serve CONNECT."""
        if self.get_method() == b"CONNECT":
            raise HttpParserError("CONNECT is not supported")
        target, headers = self._connection.url, self._connection.headers
        lines = [b"%b: %b\r\n" % (name, value) for name, value in headers if name != b"upgrade"]
        head = b"%b %b HTTP/%b\r\n%b\r\n" % (self.get_method(), target, self.get_http_version().encode(), b"".join(lines))
        self.__init__(self._connection)  # type: ignore[misc] # resets the state of the parser
        super().feed_data(head)
