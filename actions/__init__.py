"""What the chat can do, as rasa-sdk actions; importing it does nothing."""

from rasa_sdk import Action

from actions.answer_question import ActionAnswerQuestion
from actions.ask_referral import (
    AskCategory,
    AskConcernFacts,
    AskConsentStatus,
    AskDoneSoFar,
    AskEmergencyCalled,
    AskLegalBasis,
    AskMunicipality,
    AskPersonGroup,
    AskReferrerContact,
    AskUrgency,
    AskWantedService,
)
from actions.clarify import ActionClarify
from actions.emergency import ActionEmergency
from actions.log_referral import ActionLogReferral
from actions.referral_breaks import (
    ActionChangeAnswer,
    ActionDropReferral,
    ActionForgetReferral,
    ActionPauseReferral,
    ActionResumeReferral,
    ActionShowAnswers,
)
from actions.referral_status import ActionReferralStatus
from actions.referral_summary import AskConfirm
from actions.set_language import ActionSetLanguage
from actions.toolbox import Tools
from actions.validate_referral import ValidateReferralForm


def all_actions(tools: Tools) -> list[Action]:
    """Return one of every action, all working with the toolbox that `tools` returns."""
    with_tools = (
        ActionAnswerQuestion,
        ActionChangeAnswer,
        ActionDropReferral,
        ActionEmergency,
        ActionForgetReferral,
        ActionLogReferral,
        ActionPauseReferral,
        ActionReferralStatus,
        ActionResumeReferral,
        ActionShowAnswers,
        AskCategory,
        AskConcernFacts,
        AskConfirm,
        AskConsentStatus,
        AskDoneSoFar,
        AskEmergencyCalled,
        AskLegalBasis,
        AskMunicipality,
        AskPersonGroup,
        AskReferrerContact,
        AskUrgency,
        AskWantedService,
        ValidateReferralForm,
    )
    return [
        *(kind(tools) for kind in with_tools),
        ActionClarify(),
        ActionSetLanguage(),
    ]
