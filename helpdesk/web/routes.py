"""Every URL on one page; those of a ticket and those below /settings stand beside their pages."""

from __future__ import annotations

from functools import cache

from starlette.routing import BaseRoute, Route, WebSocketRoute

from helpdesk.settings import Settings
from helpdesk.web import (
    chat,
    health,
    hooks,
    line_link,
    live,
    seen,
    social,
    static,
    widget,
    widget_articles,
    widget_files,
)
from helpdesk.web.again import again
from helpdesk.web.agent import (
    article,
    article_categories,
    article_pictures,
    articles,
    attachment,
    availability,
    bulk,
    call,
    chat_phrases,
    chat_say,
    chats,
    colleague,
    customer,
    customer_merge,
    customer_merges,
    customer_picture,
    customer_split,
    filter,
    inbox,
    login,
    message,
    notifications,
    outbox,
    palette,
    reports,
    setup,
    source,
    views,
    widget_report,
)
from helpdesk.web.agent.routes import ticket_routes
from helpdesk.web.agent.settings.routes import settings_routes
from helpdesk.web.auth import agent_required, needs, open_to_all
from helpdesk.web.cross import from_shops

POST = ["POST"]
HOOK_LIMIT = 4_000_000  # bytes of one call of a provider
ASKED = ["POST", "OPTIONS"]


def routes(settings: Settings) -> list[BaseRoute]:
    return _routes(settings.max_mail_mb, settings.max_upload_mb)


@cache  # they keep nothing between two requests: all applications of a process have the same ones
def _routes(mail_mb: int, upload_mb: int) -> list[BaseRoute]:
    mail_limit = mail_mb * 1_000_000
    file_limit = 5 * upload_mb * 1_000_000  # what is a little too large is told by name
    return [
        # machines
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.numbers),
        Route("/assets/{digest}/{path:path}", static.show),
        Route("/hooks/mime/{key}", hooks.mime, methods=POST, max_body_size=mail_limit),
        Route("/hooks/{vendor}/{key}", social.receive, methods=POST, max_body_size=HOOK_LIMIT),
        Route("/hooks/{vendor}/{key}", social.answer),
        Route("/files/{key}/{signed}/{name}", social.show_file),
        WebSocketRoute("/live", live.serve),
        # customers on their way from LINE to the shop and back
        Route("/line/link/{key}/{signed}", open_to_all(line_link.show)),
        Route("/line/link/{key}/{signed}", open_to_all(line_link.create), methods=POST),
        # the chat on shops' pages
        WebSocketRoute("/chat", chat.serve),
        Route("/widget/config", from_shops(widget.config), methods=["GET", "OPTIONS"]),
        Route("/widget/files", from_shops(widget.upload), methods=ASKED, max_body_size=file_limit),
        Route("/widget/files/{key}", widget.show_file),
        Route("/widget/files/{key}", widget.allow_file, methods=["OPTIONS"]),
        Route("/widget/logo/{brand}/{digest}", widget.show_logo),
        Route("/widget/orders", from_shops(widget.track), methods=ASKED),
        Route("/widget/transcript", from_shops(widget.transcript), methods=ASKED),
        Route("/widget/seen", from_shops(seen.create), methods=ASKED),
        Route("/widget/articles", from_shops(widget_articles.index), methods=["GET", "OPTIONS"]),
        Route("/widget/articles/files/{key}", widget_articles.show_picture),
        Route("/widget/articles/{key}", from_shops(widget_articles.show), methods=["GET", "OPTIONS"]),
        Route("/widget/articles/{key}/helpful", from_shops(widget_articles.vote), methods=ASKED),
        # the widget's own files
        Route("/widget.js", widget_files.loader),
        Route("/widget/{digest}/{name}", widget_files.show),
        # coming and going
        Route("/setup", open_to_all(setup.show)),
        Route("/setup", open_to_all(setup.create), methods=POST),
        Route("/login", open_to_all(login.show)),
        Route("/login", open_to_all(login.create), methods=POST),
        Route("/logout", open_to_all(login.destroy), methods=POST),
        # messages
        Route("/attachments/{key}", agent_required(attachment.show)),
        Route("/messages/{key}/frame", agent_required(message.frame)),
        Route("/messages/{key}/source", agent_required(source.show)),
        Route("/messages/{key}/attachments.zip", agent_required(attachment.archive)),
        Route("/agents/mentionable", agent_required(colleague.mentionable)),
        # what concerns me
        Route("/notifications", agent_required(notifications.index)),
        Route("/notifications/bell", agent_required(notifications.bell)),
        Route("/notifications/read", agent_required(notifications.read), methods=POST),
        Route("/notifications/{key}", agent_required(notifications.show)),
        Route("/notifications/{key}/read", agent_required(notifications.read), methods=POST),
        Route("/availability", agent_required(availability.show)),
        Route("/availability", needs("reply", availability.update), methods=POST),
        Route("/outbox", agent_required(outbox.index)),
        Route("/outbox/{key}", agent_required(outbox.show)),
        *settings_routes(),
        # live chats side by side
        Route("/chats", agent_required(chats.index)),
        Route("/chats/bar", agent_required(chats.bar)),
        Route("/chats/next", needs("reply", chat_say.take_next), methods=POST),
        Route("/chats/phrases", agent_required(chat_phrases.edit)),
        Route("/chats/phrases", agent_required(chat_phrases.update), methods=POST),
        Route("/chats/{key}", agent_required(chats.show)),
        Route("/chats/{key}/talk", agent_required(chats.talk)),
        Route("/chats/{key}/phrases", agent_required(chat_phrases.chips)),
        Route("/chats/{key}/macros", agent_required(chat_phrases.index)),
        Route("/chats/{key}/macros/{macro}", agent_required(chat_phrases.show)),
        Route("/chats/{key}/messages", needs("reply", chat_say.create), methods=POST),
        Route("/chats/{key}/notes", agent_required(chat_say.create_note), methods=POST),
        Route("/chats/{key}/close", agent_required(chat_say.close), methods=POST),
        Route("/chats/{key}/undo/{event}", agent_required(chat_say.undo), methods=POST),
        # the inbox
        Route("/palette", agent_required(palette.show)),
        Route("/", agent_required(inbox.show)),
        Route("/inbox/filter", agent_required(filter.show)),
        Route("/inbox/count", needs("bulk", bulk.count)),
        Route("/bulk", needs("bulk", bulk.index)),
        Route("/bulk", needs("bulk", bulk.create), methods=POST),
        Route("/bulk/menu/{menu}", needs("bulk", bulk.menu)),
        Route("/bulk/{key}", needs("bulk", bulk.show)),
        Route("/bulk/{key}/undo", needs("bulk", bulk.undo), methods=POST),
        Route("/views", agent_required(views.index)),
        Route("/views", agent_required(views.create), methods=POST),
        Route("/views/new", agent_required(views.new)),
        Route("/views/order", agent_required(views.order), methods=POST),
        Route("/views/{key}", agent_required(views.update), methods=POST),
        Route("/views/{key}/filter", agent_required(views.update_filter), methods=POST),
        Route("/views/{key}/delete", agent_required(views.destroy), methods=POST),
        Route("/views/{key}/move", agent_required(views.move), methods=POST),
        Route("/inbox/rows", agent_required(inbox.rows)),
        Route("/inbox/more", agent_required(inbox.more)),
        Route("/inbox/search", agent_required(inbox.search_rows)),
        # what answers questions before they are asked
        Route("/articles", agent_required(articles.index)),
        Route("/articles", needs("articles", article.create), methods=POST),
        Route("/articles/new", needs("articles", article.new)),
        Route("/articles/report", agent_required(articles.report)),
        Route("/articles/misses/{key}", needs("articles", articles.settle), methods=POST),
        Route("/articles/categories", needs("articles", article_categories.index)),
        Route("/articles/categories", needs("articles", article_categories.create), methods=POST),
        Route("/articles/categories/{key}", needs("articles", article_categories.update), methods=POST),
        Route("/articles/categories/{key}/move", needs("articles", article_categories.move), methods=POST),
        Route(
            "/articles/categories/{key}/delete", needs("articles", article_categories.destroy), methods=POST
        ),
        Route("/articles/{key}", agent_required(article.show)),
        Route("/articles/{key}", needs("articles", article.update), methods=POST),
        Route("/articles/{key}/edit", needs("articles", article.edit)),
        Route("/articles/{key}/withdraw", needs("articles", article.withdraw), methods=POST),
        Route("/articles/{key}/archive", needs("articles", article.archive), methods=POST),
        Route("/articles/{key}/restore", needs("articles", article.restore), methods=POST),
        Route("/articles/{key}/move", needs("articles", article.move), methods=POST),
        Route(
            "/articles/{key}/pictures",
            needs("articles", article_pictures.create),
            methods=POST,
            max_body_size=file_limit,
        ),
        *ticket_routes(file_limit),
        # reports
        Route("/reports", needs("reports", reports.show)),
        Route("/reports/widget", needs("reports", widget_report.show)),
        Route("/reports/tickets", needs("reports", reports.tickets)),
        Route("/reports/{name}.{format}", needs("export", reports.download)),
        # customers
        Route("/customers", agent_required(customer.index)),
        Route("/customers/{key}/call", needs("reply", call.show_for_customer)),
        Route("/customers/{key}/call", needs("reply", again(call.create_for_customer)), methods=POST),
        Route("/customers/merges", agent_required(customer_merges.index)),
        Route("/customers/merges/{key}", agent_required(customer_merges.show)),
        Route("/customers/merges/{key}/undo", needs("customers", again(customer_merges.undo)), methods=POST),
        Route(
            "/customers/merges/{key}/put-back",
            needs("customers", again(customer_merges.put_back)),
            methods=POST,
        ),
        Route(
            "/customers/suggestions/{key}/reject", needs("customers", customer_merges.reject), methods=POST
        ),
        Route("/customers/suggestions/{key}/ask", needs("customers", customer_merges.ask), methods=POST),
        Route("/customers/{key}/merge", needs("customers", customer_merge.show)),
        Route("/customers/{key}/merges", needs("customers", again(customer_merge.create)), methods=POST),
        Route("/customers/{key}/split", needs("customers", customer_split.show)),
        Route("/customers/{key}/split", needs("customers", again(customer_split.create)), methods=POST),
        Route("/customers/{key}/shared", needs("customers", customer_split.share), methods=POST),
        Route("/customers/{key}/picture", agent_required(customer_picture.show)),
        Route("/customers/{key}", agent_required(customer.show)),
        Route("/customers/{key}", agent_required(customer.update), methods=POST),
    ]
