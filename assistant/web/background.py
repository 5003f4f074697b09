"""What runs beside the requests: loading at the start, and forgetting what is over."""

from collections.abc import Callable
from threading import Event, Thread

import structlog

from assistant.web.log import kind_and_place

SWEEP_EVERY_S = 600.0
TRY_AGAIN_AFTER_S = 10.0
STOP_WITHIN_S = 5.0


class Background:
    """Two threads that end with the service."""

    def __init__(
        self,
        load: Callable[[], object],
        sweeps: tuple[Callable[[], object], ...],
        *,
        try_again_after_s: float = TRY_AGAIN_AFTER_S,
    ) -> None:
        """Prepare to run `load` until it succeeds, and every ten minutes each of `sweeps`."""
        self._load = load
        self._sweeps = sweeps
        self._try_again_after_s = try_again_after_s
        self._loaded = Event()
        self._stop = Event()
        self._threads: list[Thread] = []

    @property
    def loaded(self) -> bool:
        """Whether questions can be answered."""
        return self._loaded.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until questions can be answered; return whether they can."""
        return self._loaded.wait(timeout_s)

    def start(self) -> None:
        """Begin."""
        for work in (self._keep_loading, self._keep_sweeping):
            thread = Thread(target=work, name=work.__name__, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End both, waiting a little for what they are just doing."""
        self._stop.set()
        for thread in self._threads:
            thread.join(STOP_WITHIN_S)

    def _keep_loading(self) -> None:
        while not self._stop.is_set():
            if self._try("load", self._load):
                self._loaded.set()
                return
            self._stop.wait(self._try_again_after_s)

    def _keep_sweeping(self) -> None:
        while not self._stop.is_set():
            for sweep in self._sweeps:
                self._try("sweep", sweep)
            self._stop.wait(SWEEP_EVERY_S)

    def _try(self, what: str, work: Callable[[], object]) -> bool:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (a failed round must not end the rounds)
            structlog.get_logger().error(f"{what}_failed", **kind_and_place(error))
            return False
        return True
