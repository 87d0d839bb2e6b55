"""The verbs of the audit log: everything that can be done here, by the name under which the log keeps it."""

from __future__ import annotations

from tjs_moderation.domain.vocabulary import ActKind, ActState, DecisionKind

HEARD = ("hear_of_hiding", "hear_of_showing", "hear_of_removal")
"""What a channel says was done to an item there, without us."""

ON_ITEMS = frozenset(
    "take_in assess remove_automatically leave_to_people "
    "route reroute take recall follow_up remind fall_due escalate "
    "ask_opinion give_opinion withdraw_opinion write_note save_draft keep_sources submit send_back "
    "approve stop_answer withdraw_answer approval_lapsed hand_over try_again see_to "
    "hear_of_hiding hear_of_showing hear_of_removal "
    "erase_person erase_by_age reveal export_evidence file_appeal uphold_appeal".split(),
) | frozenset(str(kind) for kind in DecisionKind)
"""What is done to items."""

ON_THE_HOUSE = frozenset(
    "try_hint_again set_hint_aside let_go_of_hints "
    "install publish_rules publish_public_rules put_option set_automatic "
    "set_four_eyes set_hold_back set_bulk_cap set_office_hours set_languages set_mail_quoting "
    "make_calendar revoke_calendar "
    "add_topic change_topic retire_topic revive_topic add_reason change_reason retire_reason revive_reason "
    "set_answer_time add_absence end_absence note_unread_day "
    "set_draft_checks add_ready_answer change_ready_answer retire_ready_answer revive_ready_answer "
    "accept_rules close_first_steps start_bulk undo_bulk "
    "add_user set_role set_topics set_active reset_password choose_password take_in_posts "
    "end_sign_ins add_factor remove_factor renew_recovery_codes use_recovery_code reset_factors "
    "walk_failed set_baseline resume_channel start_import finish_import connect_app connect_token choose_page "
    "subscribe_page connect_channel check_connection disconnect_channel stop_channel rotate_key "
    "export_person set_retention set_names sign_head restore".split(),
)
"""What is done to the install, its people and its channels."""

ACT_ENDINGS = (ActState.DONE, ActState.UNKNOWN, ActState.REFUSED, ActState.FAILED, ActState.PLANNED)
"""How a try at an outward act can end; PLANNED is a no after which it will be tried again."""

OF_ACTS = {f"{kind}_{ending}": (kind, ending) for kind in ActKind for ending in ACT_ENDINGS}
"""The verbs that tell how a try at an act ended, with the act and the ending."""

VERBS = ON_ITEMS | ON_THE_HOUSE | OF_ACTS.keys()
"""All of them. A verb that is not here cannot be recorded."""
