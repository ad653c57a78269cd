"""The list of files attached to a post."""

from __future__ import annotations

from tests.replica.posts import FileInfo
from tests.replica.render.parts import Parts, esc


def files_html(parts: Parts, files: tuple[FileInfo, ...]) -> str:
    """The list of attached files."""
    if not files:
        return ""
    row = _old if parts.version < "2.2" else _new
    return f"""\
<section class="message-attachments">
    <h4 class="block-textHeader">{parts.words["attachments"]}</h4>
    <ul class="attachmentList">
{"".join(row(parts, file) for file in files)}    </ul>
</section>
"""


def _old(parts: Parts, file: FileInfo) -> str:
    path, name = parts.urls.of("attachments", file.name, file.id), esc(file.name)
    return f"""\
<li class="attachment">
    <div class="attachment-icon attachment-icon--img" data-extension="jpg">
        <a href="{path}" target="_blank"><img src="{_thumb(parts, file)}" alt="{name}" /></a>
    </div>
    <div class="attachment-name">
        <a href="{path}" target="_blank" title="{name}">{name}</a>
    </div>
    <div class="attachment-details"><span class="attachment-details-size">31.2 KB</span></div>
</li>
"""


def _new(parts: Parts, file: FileInfo) -> str:
    path, name = parts.urls.of("attachments", file.name, file.id), esc(file.name)
    return f"""\
<li class="file file--linked">
    <a class="u-anchorTarget" id="attachment-{file.id}"></a>
    <a class="file-preview js-lbImage" href="{path}" target="_blank">
        <img src="{_thumb(parts, file)}" alt="{name}" width="" height=""{parts.lazy} />
    </a>
    <div class="file-content">
        <div class="file-info">
            <span class="file-name" title="{name}">{name}</span>
            <div class="file-meta">
                31.2 KB
                &middot; 4
            </div>
        </div>
    </div>
</li>
"""


def _thumb(parts: Parts, file: FileInfo) -> str:
    return parts.urls.file(f"data/attachments/{file.id // 1000}/{file.id}-{file.id:x}.jpg")
