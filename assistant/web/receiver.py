"""Delivers replies to the one address that the operator has named, and to no other."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import httpx
import structlog

from assistant.dialogue.responses import Item

TIMEOUT_S = 10.0
# Before each try; the last failure is final.
WAITS_S = (0.0, 0.5, 2.0)
# From here on the failure is the receiver's own and may pass.
RECEIVER_FAILED = 500


class Undelivered(Exception):
    """The receiver did not take a reply, however often it was offered."""


class Receiver:
    """Takes replies at one address."""

    def __init__(
        self,
        url: str,
        *,
        waits_s: Sequence[float] = WAITS_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Send to `url`, waiting `waits_s` seconds before each try."""
        self._url = url
        self._waits_s = waits_s
        self._transport = transport

    async def deliver(self, replies: AsyncIterator[Item]) -> None:
        """Post each reply as it comes, in order. One may arrive twice, when its receipt was lost.

        Raises:
            Undelivered: One was not taken; those after it were not offered.
        """
        # No redirect is followed: it would name an address that the operator did not.
        async with httpx.AsyncClient(
            timeout=TIMEOUT_S, transport=self._transport, trust_env=False, follow_redirects=False
        ) as client:
            async for reply in replies:
                await self._post(client, reply)

    async def _post(self, client: httpx.AsyncClient, reply: Item) -> None:
        reason = ""
        for wait_s in self._waits_s:
            await asyncio.sleep(wait_s)
            try:
                async with client.stream("POST", self._url, json=reply) as taken:
                    if taken.is_success:
                        return
                    reason = str(taken.status_code)
                    if taken.status_code < RECEIVER_FAILED:
                        break
            except httpx.HTTPError as error:
                reason = type(error).__name__
        structlog.get_logger().warning("callback_undelivered", reason=reason)
        raise Undelivered
