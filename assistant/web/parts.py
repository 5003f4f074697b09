"""The parts of the product that pages and programming interface work with."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from actions.directory import Directory
from actions.referrals.log import ReferralLog
from assistant.dialogue.conversation import Conversations
from assistant.dialogue.records import Records
from assistant.dialogue.understanding import Understanding
from assistant.people.people import People
from assistant.people.permissions import Permissions
from assistant.people.sign_in import SignIns
from assistant.web.receiver import Receiver
from config.settings import Settings
from knowledge.library import Library


@dataclass(frozen=True)
class Parts:
    """Every part, built once in `app.build_parts` and found again at `request.app.state.parts`."""

    settings: Settings
    engine: Engine
    library: Library
    referrals: ReferralLog
    directory: Directory
    people: People
    sign_ins: SignIns
    permissions: Permissions
    conversations: Conversations
    records: Records
    # Made at the first call, in the background, because it encodes every example message.
    understanding: Callable[[], Understanding]
    # Takes the replies of the callback channel; None where the operator has named nobody.
    receiver: Receiver | None
    # What made the vectors: the model's name, its digest and its arithmetic.
    model_name: str
    # Signs the CSRF tokens; kept in the key folder, so that open pages outlive a restart.
    form_secret: bytes
