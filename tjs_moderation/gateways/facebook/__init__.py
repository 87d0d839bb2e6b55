"""Facebook through the Graph API."""

from tjs_moderation.gateways.facebook.channel import FacebookChannel
from tjs_moderation.gateways.facebook.connector import FacebookConnector
from tjs_moderation.gateways.facebook.credentials import FacebookCredentials, appsecret_proof
from tjs_moderation.gateways.facebook.hook import SIGNATURE_HEADER, FacebookHook, signature_of
from tjs_moderation.gateways.facebook.ids import canonical_id, same_object
from tjs_moderation.gateways.facebook.pace import INBOX_CALLS_PER_SECOND

__all__ = [
    "INBOX_CALLS_PER_SECOND",
    "SIGNATURE_HEADER",
    "FacebookChannel",
    "FacebookConnector",
    "FacebookCredentials",
    "FacebookHook",
    "appsecret_proof",
    "canonical_id",
    "same_object",
    "signature_of",
]
