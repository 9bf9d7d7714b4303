"""``copylab learn``: what hooks, tones and lengths do, over all past experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root, workspace_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.decision.factorial import Factorial
    from copylab.decision.learn import Lesson, Lessons


@click.command("learn")
@click.option("--metric", metavar="NAME", help="Learn on this one, not each primary.")
@click.option("--tag", metavar="NAME", help="Only this tag, or: length.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@workspace_option
def learn(*, metric: str | None, tag: str | None, form: str, workspace: str) -> int:
    """Say what wordings do, from all decisions in experiments/decisions together.

    Winners and experiments without one count alike: copylab promote --keep records the
    latter.

    Tests that compare the same two values of a tag are pooled by a random-effects model
    (DerSimonian-Laird with Hartung-Knapp). Exit code 0: there may be nothing to learn.
    """
    import json

    from copylab.cli.reporting import write_out
    from copylab.decision.history import find_unrecorded, read_decisions
    from copylab.decision.learn import LENGTH
    from copylab.decision.learn import learn as learn_from
    from copylab.workspace import open_workspace

    catalog = open_workspace(find_root(workspace))
    decisions = read_decisions(catalog)
    known = sorted({item.metric for one in decisions for item in one.comparisons})
    if metric is not None and decisions and metric not in known:
        raise click.UsageError(
            f"--metric {metric}: the decisions know {', '.join(known)}"
        )
    tags = sorted(
        {name for one in decisions for arm in one.tags.values() for name in arm}
    )
    if tag is not None and decisions and tag not in {*tags, LENGTH}:
        raise click.UsageError(
            f"--tag {tag}: the decisions know {', '.join([*tags, LENGTH])}"
        )
    lessons = learn_from(
        decisions, metric=metric, tag=tag, unrecorded=find_unrecorded(catalog)
    )
    if form == "json":
        text = json.dumps(lessons.to_dict(), ensure_ascii=False, indent=2)
        write_out(text, for_programs=True)
    else:
        write_out("\n".join(_lines(lessons)), for_programs=False)
    return 0


def _lines(lessons: Lessons) -> Iterator[str]:
    """The lessons for people."""
    from copylab.analysis.meta import METHOD

    count = lessons.experiments
    yield f"{count:,} concluded experiment{'' if count == 1 else 's'}; {METHOD}"
    if not lessons.lessons:
        yield "nothing to learn yet: no two wordings with different tags were compared"
    place = ("", "")
    for lesson in lessons.lessons:
        if (lesson.metric, lesson.tag) != place:
            place = (lesson.metric, lesson.tag)
            yield ""
            yield f"{lesson.tag}, on {lesson.metric}"
        yield from _lesson_lines(lesson)
    for item in lessons.factorials:
        yield ""
        yield from _factorial_lines(item)
    if lessons.skipped:
        yield ""
        yield f"left out: {len(lessons.skipped)}"
        yield from (f"  {_plain(what)}" for what in lessons.skipped)


def _lesson_lines(lesson: Lesson) -> Iterator[str]:
    from copylab.analysis.wording import say_p, word_lift

    pooled = lesson.pooled
    tests = f"{pooled.count} test{'' if pooled.count == 1 else 's'}"
    value, against = _plain(lesson.value), _plain(lesson.against)
    shown = f"{word_lift(lesson.lift)} ({say_p(pooled.p_value)}, {tests})"
    yield f"  {value} against {against}: {shown}"
    if pooled.count > 1:
        yield (
            f"    spread between tests: Q {pooled.q:.1f} ({say_p(pooled.q_p_value)}), "
            f"I² {pooled.i2:.0%}, tau² {pooled.tau2:.2g}"
        )
    if pooled.predicted is not None:
        from copylab.decision.learn import as_lift

        yield f"    a next test: {word_lift(as_lift(pooled.predicted))}"
    if pooled.is_few:
        yield "    few tests: a hint, no knowledge; below 5 the spread is hardly known"
    mixed = [item for item in lesson.results if item.also]
    if mixed:
        tags = ", ".join(sorted({tag for item in mixed for tag in item.also}))
        tests = f"{len(mixed)} of {len(lesson.results)} comparisons"
        yield f"    in {tests} the words differ in {_plain(tags)} as well"


def _factorial_lines(item: Factorial) -> Iterator[str]:
    from copylab.analysis.wording import say_p, word_lift

    one, two = item.tags
    yield f"{item.experiment} crosses {one} and {two}, on {item.metric} (uncorrected)"
    for effect in item.effects:
        shown = f"{word_lift(effect.lift)} ({say_p(effect.p_value)})"
        yield f"  {effect.kind}: {_plain(effect.name)}: {shown}"


def _plain(text: str) -> str:
    from copylab.analysis.report.document import visible

    return visible(text)
