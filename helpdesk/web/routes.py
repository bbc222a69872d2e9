"""Every URL on one page."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from helpdesk.settings import Settings
from helpdesk.web import health, hooks, static
from helpdesk.web.agent import (
    assign,
    attachment,
    customer,
    delivery,
    grant,
    inbox,
    login,
    macro,
    message,
    note,
    outbox,
    reply,
    reports,
    setup,
    status,
    tag,
    ticket,
    urgency,
)
from helpdesk.web.agent.settings import agents, brands, index, mailboxes, points, probe, profile, quarantine
from helpdesk.web.auth import admin_required, agent_required, lead_required, open_to_all

POST = ["POST"]


def routes(settings: Settings) -> list[BaseRoute]:
    mail_limit = settings.max_mail_mb * 1_000_000
    return [
        # machines
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.numbers),
        Route("/assets/{digest}/{path:path}", static.show),
        Route("/hooks/mime/{key}", hooks.mime, methods=POST, max_body_size=mail_limit),
        # coming and going
        Route("/setup", open_to_all(setup.show)),
        Route("/setup", open_to_all(setup.create), methods=POST),
        Route("/login", open_to_all(login.show)),
        Route("/login", open_to_all(login.create), methods=POST),
        Route("/logout", open_to_all(login.destroy), methods=POST),
        # messages
        Route("/attachments/{key}", agent_required(attachment.show)),
        Route("/messages/{key}/frame", agent_required(message.frame)),
        Route("/outbox", agent_required(outbox.index)),
        Route("/outbox/{key}", agent_required(outbox.show)),
        # settings
        Route("/settings", agent_required(index.show)),
        Route("/settings/profile", agent_required(profile.show)),
        Route("/settings/profile", agent_required(profile.update), methods=POST),
        Route("/settings/profile/password", agent_required(profile.change_password), methods=POST),
        Route("/settings/profile/sign-outs", agent_required(profile.sign_out_others), methods=POST),
        Route("/settings/brands", admin_required(brands.index)),
        Route("/settings/brands", admin_required(brands.create), methods=POST),
        Route("/settings/brands/{key}", admin_required(brands.show)),
        Route("/settings/brands/{key}", admin_required(brands.update), methods=POST),
        Route("/settings/mailboxes", admin_required(mailboxes.index)),
        Route("/settings/mailboxes", admin_required(mailboxes.create), methods=POST),
        Route("/settings/mailboxes/new", admin_required(mailboxes.new)),
        Route("/settings/mailboxes/{key}", admin_required(mailboxes.show)),
        Route("/settings/mailboxes/{key}", admin_required(mailboxes.update), methods=POST),
        Route("/settings/mailboxes/{key}/test", admin_required(probe.create), methods=POST),
        Route("/settings/mailboxes/{key}/pause", admin_required(mailboxes.pause), methods=POST),
        Route("/settings/mailboxes/{key}/resume", admin_required(mailboxes.resume), methods=POST),
        Route("/settings/mailboxes/{key}/token", admin_required(mailboxes.renew_token), methods=POST),
        Route("/settings/agents", admin_required(agents.index)),
        Route("/settings/agents", admin_required(agents.create), methods=POST),
        Route("/settings/agents/{key}", admin_required(agents.show)),
        Route("/settings/agents/{key}", admin_required(agents.update), methods=POST),
        Route("/settings/agents/{key}/password", admin_required(agents.reset_password), methods=POST),
        Route("/settings/quarantine", lead_required(quarantine.index)),
        Route("/settings/quarantine/retry", lead_required(quarantine.retry_all), methods=POST),
        Route("/settings/quarantine/{key}/raw", lead_required(quarantine.raw)),
        Route("/settings/quarantine/{key}/retry", lead_required(quarantine.retry), methods=POST),
        Route("/settings/points", lead_required(points.index)),
        Route("/settings/points/{key}/approve", lead_required(points.approve), methods=POST),
        Route("/settings/points/{key}/refuse", lead_required(points.refuse), methods=POST),
        # the inbox
        Route("/", agent_required(inbox.show)),
        Route("/inbox/rows", agent_required(inbox.rows)),
        Route("/inbox/more", agent_required(inbox.more)),
        # a ticket, and what can be done to it
        Route("/tickets/{key}", agent_required(ticket.show)),
        Route("/tickets/{key}/messages", agent_required(ticket.messages)),
        Route("/tickets/{key}/panel", agent_required(ticket.side)),
        Route("/tickets/{key}/reply", agent_required(reply.create), methods=POST),
        Route("/tickets/{key}/notes", agent_required(note.create), methods=POST),
        Route("/tickets/{key}/assign", agent_required(assign.index)),
        Route("/tickets/{key}/assign", agent_required(assign.create), methods=POST),
        Route("/tickets/{key}/close", agent_required(status.close), methods=POST),
        Route("/tickets/{key}/reopen", agent_required(status.reopen), methods=POST),
        Route("/tickets/{key}/spam", agent_required(status.spam), methods=POST),
        Route("/tickets/{key}/snooze", agent_required(status.snooze), methods=POST),
        Route("/tickets/{key}/wake", agent_required(status.wake), methods=POST),
        Route("/tickets/{key}/urgency", agent_required(urgency.create), methods=POST),
        Route("/tickets/{key}/tags", agent_required(tag.create), methods=POST),
        Route("/tickets/{key}/tags/{name}/remove", agent_required(tag.destroy), methods=POST),
        Route("/tickets/{key}/points", agent_required(grant.create), methods=POST),
        Route("/tickets/{key}/points/{request}", agent_required(grant.decide), methods=POST),
        Route("/tickets/{key}/macros", agent_required(macro.index)),
        Route("/tickets/{key}/macros/{macro}", agent_required(macro.show)),
        Route("/tickets/{key}/deliveries/{delivery}/retry", agent_required(delivery.retry), methods=POST),
        # reports
        Route("/reports", agent_required(reports.show)),
        Route("/reports/tickets", agent_required(reports.tickets)),
        Route("/reports/{name}.{format}", agent_required(reports.download)),
        # customers
        Route("/customers", agent_required(customer.index)),
        Route("/customers/{key}", agent_required(customer.show)),
        Route("/customers/{key}", agent_required(customer.update), methods=POST),
    ]
