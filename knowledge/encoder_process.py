"""The child process that encodes long documents: texts come on its pipe, vectors go back.

It takes what other processes leave of the machine, and ends when its parent does or forgets it.
"""

import os
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

# Who adds several documents pauses between them; the model need not be loaded for each.
IDLE_S = 120.0
# Behind everything else.
LAST = 19
# Two threads wait for each other; where a question holds up one of them, it holds up both.
THREADS = 1


def main() -> None:
    """Answer each (texts, whether their tokens are wanted) with what the encoder makes of them.

    The arguments are the number of the pipe, the model's folder and its precision. A failure ends
    the process: the parent then does the work itself, and sees what is wrong.
    """
    os.nice(LAST)
    from knowledge.encoder import SentenceEncoder  # noqa: PLC0415 - not before stepping back

    pipe = Connection(int(sys.argv[1]))
    encoder = SentenceEncoder.open(
        Path(sys.argv[2]), precision=sys.argv[3], adapter=None, threads=THREADS
    )
    # Where the parent is gone, so is the other end.
    with suppress(EOFError, OSError):
        while pipe.poll(IDLE_S):
            texts, with_tokens = pipe.recv()
            pipe.send(encoder.read_documents(texts, with_tokens))


if __name__ == "__main__":
    main()
