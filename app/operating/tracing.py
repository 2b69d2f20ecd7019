"""OpenTelemetry traces: off unless an address is set, and never with text.

Only attributes named here can be on a span. Haystack puts the whole input of a pipeline on its spans as a plain tag, so
its tracer is ours, and keeps names, types and counts only.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import trace
from opentelemetry.trace import NoOpTracer, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.operating.logs import trace_id

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

Value = str | int | float | bool
KINDS: Final = {"server": SpanKind.SERVER, "client": SpanKind.CLIENT, "internal": SpanKind.INTERNAL}
# OpenTelemetry semantic conventions: HTTP, errors, and GenAI without its content attributes (gen_ai.input.messages,
# gen_ai.output.messages, gen_ai.system_instructions, gen_ai.retrieval.query.text …)
ALLOWED: Final = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "server.address",
        "server.port",
        "error.type",
        "gen_ai.operation.name",
        "gen_ai.provider.name",
        "gen_ai.request.model",
        "gen_ai.request.max_tokens",
        "gen_ai.request.temperature",
        "gen_ai.response.finish_reasons",
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "haystack.component.name",
        "haystack.component.type",
        "haystack.component.visits",
        "haystack.pipeline.execution_mode",
    }
)
_PROPAGATOR: Final = TraceContextTextMapPropagator()


class Span:
    """A span under way; what it may not carry is left out."""

    def __init__(self, span: trace.Span) -> None:
        self.raw = span

    def say(self, attributes: Mapping[str, Value]) -> None:
        """Put attributes on the span."""
        for name, value in attributes.items():
            if name in ALLOWED:
                self.raw.set_attribute(name, value)

    def rename(self, name: str) -> None:
        """Name the span anew, as when its route is known."""
        self.raw.update_name(name)

    def failed(self, kind: str) -> None:
        """Mark the span as failed, by an error's code or class: never by its words."""
        self.raw.set_status(StatusCode.ERROR)
        self.say({"error.type": kind})


class Tracing:
    """The process's tracer. Until :meth:`start` it makes spans that go nowhere, at next to no cost."""

    def __init__(self) -> None:
        self._tracer: Tracer = NoOpTracer()
        self.on = False

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, Value] | None = None, *, kind: str = "internal", parent: str = ""
    ) -> Iterator[Span]:
        """Run a block within a span. ``parent`` is a caller's ``traceparent`` header (W3C Trace Context).

        What the block raises marks the span by its class, and goes on.
        """
        if not self.on:
            yield Span(trace.INVALID_SPAN)
            return
        # no tracestate and no baggage: those carry whatever a caller likes
        above = _PROPAGATOR.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name, context=above, kind=KINDS[kind], record_exception=False, set_status_on_exception=False
        ) as raw:
            span = Span(raw)
            span.say(attributes or {})
            token = trace_id.set(trace.format_trace_id(raw.get_span_context().trace_id))
            try:
                yield span
            except Exception as error:
                span.failed(getattr(error, "code", None) or type(error).__name__)
                raise
            finally:
                with contextlib.suppress(ValueError):  # a stream may end in another context than it began in
                    trace_id.reset(token)

    @contextmanager
    def started(self, endpoint: str | None = None, *, exporter: SpanExporter | None = None) -> Iterator[None]:
        """Export spans while the block runs: to an OTLP endpoint over HTTP, or to ``exporter`` at once (tests)."""
        if endpoint is None and exporter is None:
            yield
            return
        # here, so that a server without traces loads none of it
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor  # noqa: PLC0415

        # Resource(), not Resource.create(): the latter reads the environment and describes the machine
        resource = Resource({"service.name": "consilium", "service.version": version("consilium")})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        if exporter is not None:
            provider.add_span_processor(SimpleSpanProcessor(exporter))
        else:
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=5)))
        self._tracer, self.on = provider.get_tracer("consilium"), True
        _follow_haystack(self)
        try:
            yield
        finally:
            from haystack.tracing.tracer import disable_tracing  # noqa: PLC0415

            disable_tracing()
            self._tracer, self.on = NoOpTracer(), False
            provider.shutdown()


TRACING: Final = Tracing()
"""The tracer of this process; OpenTelemetry's own context is global too."""


def _follow_haystack(tracing: Tracing) -> None:
    """Make Haystack's spans ours, without their content."""
    from haystack.tracing.tracer import Span as HaystackSpan  # noqa: PLC0415 - loaded already where there are pipelines
    from haystack.tracing.tracer import Tracer, enable_tracing, tracer  # noqa: PLC0415 - loaded already where there are pipelines

    class Quiet(HaystackSpan):
        """A span of Haystack's that keeps what is allowed and drops content, whatever the environment says."""

        def __init__(self, span: Span) -> None:
            self._span = span

        def set_tag(self, key: str, value: Any) -> None:
            """Keep a tag that is a name, a type or a count."""
            if key in ALLOWED and isinstance(value, str | int):
                self._span.say({key: value})

        def set_content_tag(self, key: str, value: Any) -> None:
            """Drop it: it is content."""

    class Bridge(Tracer):
        @contextmanager
        def trace(
            self,
            operation_name: str,
            tags: dict[str, Any] | None = None,
            parent_span: HaystackSpan | None = None,
        ) -> Iterator[HaystackSpan]:
            """Trace an operation below the current span."""
            del parent_span  # the context knows
            with tracing.span(operation_name) as span:
                quiet = Quiet(span)
                quiet.set_tags(tags or {})
                yield quiet

        def current_span(self) -> HaystackSpan | None:
            """Return the current span."""
            return Quiet(Span(trace.get_current_span()))

    tracer.is_content_tracing_enabled = False
    enable_tracing(Bridge())
