"""Bringing files in: choosing one, seeing how far each is, and fetching the rows that were left out."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError, NotAllowedError, NotFoundError
from tjs_moderation.gateways.files import FileFormat, UnusableFileError, refuse_unusable
from tjs_moderation.models import ImportRun
from tjs_moderation.services import desk, import_files, importing
from tjs_moderation.services.import_sentences import file_sentence
from tjs_moderation.services.install import FILES_CHANNEL
from tjs_moderation.services.transaction import user
from tjs_moderation.web.access import may, me, permission, takes_files
from tjs_moderation.web.channel_words import channel_name
from tjs_moderation.web.forms import member_sent

blueprint = Blueprint("importing", __name__, url_prefix="/import")

FORMAT_WORDS = {
    FileFormat.AUTO: _("Tunnista sisällöstä"),
    FileFormat.CSV: _("CSV, taulukko"),
    FileFormat.JSONL: _("JSONL"),
    FileFormat.FACEBOOK: _("Facebookin oma JSON"),
}


class UploadForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The file. Its channel and format are lists, read from the form by themselves."""

    file = FileField(
        _("Tiedosto"),
        description=_("CSV, JSONL tai Facebookin oma JSON, enintään 512 megatavua. Pura pakattu tiedosto ensin."),
        validators=[FileRequired(_("Valitse tiedosto."))],
    )


@blueprint.get("")
@permission(Permission.IMPORT)
def index() -> str:
    """The form, and the newest runs."""
    return _page(UploadForm())


@blueprint.post("")
@permission(Permission.IMPORT)
@takes_files
def upload() -> ResponseReturnValue:
    """Keep the file and leave it to a worker; one that nobody could read is refused at once."""
    channel, told_as, form = _channel_sent(), member_sent("told_as", FileFormat), UploadForm()
    if not form.validate():
        return _page(form), 422
    try:
        path = _kept(form.file.data)
    except UnusableFileError as error:
        form.file.errors = [file_sentence(error.code, error.facts)]
        return _page(form), 422
    importing.start_import(user(me().id), channel, path, form.file.data.filename, told_as)
    flash(gettext("Tiedosto on vastaanotettu. Tuonti etenee taustalla, joten voit jatkaa muita töitä."), "done")
    return redirect(url_for("importing.index"))


@blueprint.get("/<int(max=2147483647):run_id>/rejects")
@permission(Permission.IMPORT)
def rejects(run_id: int) -> Response:
    """The rows a run left out, as a file."""
    run = importing.import_run(run_id)
    if not may_read_rejects(run):
        raise NotAllowedError
    path = import_files.rejects_path(run.id)
    if not run.rejects_path or not path.is_file():
        raise NotFoundError
    return send_file(path, mimetype="text/csv", as_attachment=True, download_name=f"hylatyt-rivit-{run.id}.csv")


@blueprint.get("/example")
@permission(Permission.IMPORT)
def example() -> Response:
    """A small file to take as a model."""
    model = files("tjs_moderation").joinpath("cli/demo_data/sample.csv").read_bytes()
    headers = {"Content-Disposition": "attachment; filename=esimerkki.csv"}
    return Response(model, mimetype="text/csv", headers=headers)


def may_read_rejects(run: ImportRun) -> bool:
    """Rejected rows hold what people wrote: for whoever brought the file, and for those who may read everything."""
    return run.started_by_id == me().id or may(Permission.SEE_ALL_ITEMS)


def _channel_sent() -> str:
    channel = request.form.get("channel", "")
    if channel not in importing.channel_names():
        raise InvalidInputError("unknown_field")
    return channel


def _kept(sent: FileStorage) -> Path:
    path = import_files.keep_upload(sent.stream)
    try:
        refuse_unusable(path)
    except UnusableFileError:
        import_files.drop_upload(path)
        raise
    return path


def _page(form: UploadForm) -> str:
    called = {channel.name: channel_name(channel) for channel in desk.channels()}
    return render_template(
        "importing/index.html",
        form=form,
        called=called,
        channel=request.form.get("channel", FILES_CHANNEL),
        formats=FORMAT_WORDS.items(),
        told_as=request.form.get("told_as", FileFormat.AUTO),
        runs=importing.newest_runs(),
        failure_words=_failure_words,
        may_read_rejects=may_read_rejects,
    )


def _failure_words(run: ImportRun) -> str:
    failure = importing.failure_of(run)
    return file_sentence(*failure) if failure else ""
