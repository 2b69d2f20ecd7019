"""Reports in batches: what makes each of them, and the service that takes orders and hands out files."""

from __future__ import annotations

from importlib.metadata import version

from app.access import AccessControl
from app.building.answering import Answering, Guarded
from app.building.ground import Ground
from app.building.storing import Stores
from app.jobs.service import JobService
from app.reports.cohorts import Cohorts
from app.reports.filling import Filler
from app.reports.records import RecordReader
from app.reports.rendering.renderer import Renderer
from app.reports.service import ReportService
from app.reports.templates import Templates
from app.reports.work import ReportWork


def build_report_work(ground: Ground, stores: Stores, answering: Answering, guarded: Guarded) -> ReportWork:
    """Return what makes one report of a batch."""
    settings = ground.settings
    reader = RecordReader(retriever=guarded.retriever, catalogue=stores.catalogue, presenter=guarded.presenter)
    return ReportWork(
        kept=stores.reports,
        keys=stores.keys,
        filler=Filler(
            answers=answering.answers,
            library=answering.library,
            reader=reader,
            product=f"consilium {version('consilium')}",
        ),
        renderer=Renderer(templates=Templates(own=settings.report_templates), fonts=settings.report_fonts),
        audit=stores.audit,
        clock=ground.clock,
        steps=ground.steps,
    )


def build_reports(
    ground: Ground, stores: Stores, answering: Answering, access: AccessControl, jobs: JobService, making: ReportWork
) -> ReportService:
    """Return what takes orders of reports."""
    return ReportService(
        templates=making.renderer.templates,
        kept=stores.reports,
        jobs=jobs,
        filler=making.filler,
        renderer=making.renderer,
        cohorts=Cohorts(
            library=answering.library,
            members=stores.members,
            directory=stores.directory,
            access=access,
            clock=ground.clock,
        ),
        library=answering.library,
        audit=stores.audit,
        clock=ground.clock,
        ids=ground.ids,
    )
