"""Facebook through the Graph API."""

from tjs_moderation.gateways.facebook.channel import FacebookChannel
from tjs_moderation.gateways.facebook.credentials import FacebookCredentials, appsecret_proof
from tjs_moderation.gateways.facebook.ids import canonical_id, same_object
from tjs_moderation.gateways.facebook.usage import Usage

__all__ = ["FacebookChannel", "FacebookCredentials", "Usage", "appsecret_proof", "canonical_id", "same_object"]
