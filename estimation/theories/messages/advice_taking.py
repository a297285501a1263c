"""Taking advice: how people combine what an adviser says with what they know themselves.

A person thinks that an adviser is right with probability α, wrong answers being alike likely, and believes something
beforehand (`own_information`). Three ways of combining the two are offered:

* Bayes' rule: ``P(s | m) ∝ b(s) P(m | s)``, with P(m | s) = α if m says s, else (1 - α) / (K - 1) for K states; people
  then choose by expected payoff. An adviser of α below 1 / K is believed to point the wrong way.
* Log odds: ``P(choose s) ∝ b(s)^w P(m | s)``, a logit in the log odds of both sources, with a weight w on one's own.
  Each α is how often the person follows who has no information of their own.
* Averages: the belief ``α 1[m says s] + (1 - α) b(s)``, where α is the weight on advice of the judge-advisor literature
  (Yaniv 2004, Organizational Behavior and Human Decision Processes 93(1):1-13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.advice import EXPERIENCE, NOTHING, TOLD, AdviceGame
from estimation.games.game import Game, grid_index
from estimation.names import RECEIVER
from estimation.theories.beliefs import advice_loops as loops
from estimation.theories.beliefs.advice_loops import TINY
from estimation.theories.beliefs.advice_records import (
    MOVING_ROWS,
    AdviceRecord,
    Using,
    likelihood_of_records,
    record_of,
)
from estimation.theories.beliefs.advisers import EACH, EVERYONE, NOBODY, TRUST, advisers_of, of_person, trusted
from estimation.theories.beliefs.history import Decided, History
from estimation.theories.beliefs.own_information import IGNORED, OWN_MEMORY, SOURCES, own_belief, source_of
from estimation.theories.messages.one_pass import OnePass
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter
from estimation.theories.responses.habits import NONE
from estimation.theories.responses.response import LAPSE

BAYES, LOG_ODDS, AVERAGE = "bayes", "log-odds", "average"

OWN_WEIGHT = Parameter(
    "own_weight",
    "w",
    "weight of the own log odds in a choice; 1 is Bayes' rule with choices in proportion to beliefs",
    "1",
    "log",
    0.0,
    1.0,
    0.8,
    "a seventh to seven times the weight of Bayes' rule for the middle 95 % of typical people",
)


@dataclass(frozen=True)
class AdviceTaking(OnePass, Theory):
    """People who trust each adviser to a fixed degree, and combine advice with what they know.

    Parameters
    ----------
    about
        Whose trust it is: ``"each"`` adviser's, a number for everyone whom the game lists; ``"everyone"``: one number
        for all; ``"nobody"``: advice is ignored, which leaves own information alone. An adviser whose accuracy the game
        says people were told is trusted to that degree.
    combine
        ``"bayes"``, ``"log-odds"`` or ``"average"``, see above.
    own
        ``"as in the game"``; ``"told"`` or ``"experience"``, if the game has the column or outcomes for it; or
        ``"ignored"``: then people follow each adviser in a share of decisions, whatever they know.
    response, lapse, habits, correlated, formulas, priors
        See `Theory`. Formulas must be constant for each person. There is no precision with ``"log-odds"``.

    Raises
    ------
    TheoryError
        If an option is unknown, or nothing is left to decide by; when applied, if the game is no game of advice, or an
        adviser is none of those whom it lists.
    """

    about: str = EACH
    combine: str = BAYES
    own: str = SOURCES[0]

    name: ClassVar[str] = "advice taking"
    citation: ClassVar[str] = (
        "Behrens, Hunt, Woolrich & Rushworth (2008), Nature 456:245-249; "
        "Yaniv (2004), Organizational Behavior and Human Decision Processes 93(1):1-13"
    )
    derived: ClassVar[tuple[str, ...]] = (TRUST,)
    compiled: ClassVar[bool] = True  # whether the loops say what this very class says; subclasses have to claim it
    among: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "about": (EACH, EVERYONE, NOBODY),
        "combine": (BAYES, LOG_ODDS, AVERAGE),
        "own": SOURCES,
    }

    @property
    def remembers(self) -> bool:
        """Always: whom one faces, and what one knows, stand beside the recommendation."""
        return True

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        nothing = "about='nobody' with own='ignored' leaves nothing to decide by; use Babbling"
        noise = f"combine={LOG_ODDS!r} says itself how choices follow beliefs; leave response at 'logit'"
        found = [nothing] * (self.about == NOBODY and self.own == IGNORED)
        found += [noise] * (self.combine == LOG_ODDS and self.response != "logit")
        return super().problems() + found

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return what a game needs for it: to be one of advice, to list advisers, and to hold what people knew."""
        if not isinstance(game, AdviceGame):
            return [f"it is about games of advice (est.AdviceGame), not about {game.family}"]
        unlisted, untold = self.about == EACH and not game.advisers, self._source(game) == TOLD and not game.column
        found = ["it lists no advisers; list them, or use about='everyone'"] * unlisted
        found += [f"own={TOLD!r} needs a column; name it in the game"] * untold
        right = f"combine={LOG_ODDS!r} is about bets that earn 1 if right; use {BAYES!r} where stakes differ"
        found += [right] * (self.combine == LOG_ODDS and not game.pays_the_right_bet)
        return super().lacking(game, roles) + found

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the trusts, and what using own information takes."""
        played = [game for game in games if isinstance(game, AdviceGame)]
        sources = {self._source(game) for game in played}
        found = [trusted(name) for name in dict.fromkeys(n for game in played for n in self.trusts(game).values() if n)]
        found += [OWN_MEMORY] * (EXPERIENCE in sources)
        found += [OWN_WEIGHT] * (self.combine == LOG_ODDS and sources != {NOTHING})
        return tuple(found)

    def parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return every person-level parameter; a precision only where it is not in the weights."""
        every = super().parameters(games, roles)
        return tuple(p for p in every if self.combine != LOG_ODDS or p.name != _PRECISION)

    def trusts(self, game: AdviceGame) -> dict[str, str]:
        """Return adviser → the parameter of trust in them: empty if people were told how often they are right."""
        if self.about == NOBODY:
            return {}
        names = {name: f"{TRUST}_{name}" if self._is_apart else TRUST for name in game.advisers}
        return {name: "" if name in game.accuracies else of for name, of in names.items()} or {"": TRUST}

    def after_learning(self, values: Values, history: History) -> Values:
        """Return the values with own belief (..., decision, state) and trust in the adviser (..., decision, 1)."""
        game = cast("AdviceGame", history.game)
        source = self._source(game)
        kept = of_person(values[OWN_MEMORY.name]) if source == EXPERIENCE else 1.0
        nobody = np.full((1, len(history.before)), np.nan)
        thought = {TRUST: nobody} if self.about == NOBODY else self.thought_of_advisers(values, history, game)
        found = {**values, "own_belief": own_belief(history, game, source, kept)}
        found |= {name: value[..., None] for name, value in thought.items()}
        return found | ({_PRECISION: np.ones((1, 1, 1))} if self.combine == LOG_ODDS else {})

    @property
    def in_one_pass(self) -> bool:
        """Whether the loops hold for it: where people have no habits, and the class has not been written anew."""
        return "compiled" in vars(type(self)) and self.compiled and self.habits == NONE and self.response == "logit"

    def record(self, decided: Decided) -> AdviceRecord:
        """Return what a person saw and did in one condition."""
        game = cast("AdviceGame", decided.history.game)
        return record_of(decided, Using(self._source(game), self.about, self.reputations(game)))

    def log_likelihoods(self, game: Game, records: Sequence[AdviceRecord], values: Mapping[str, Array]) -> Array:
        """Return the log likelihood of each record, (record, node), nats."""
        played, one = cast("AdviceGame", game), next(iter(values.values()))
        numbers = {row: values[name] for name, row in _ROWS.items() if name in values}
        if self.combine == LOG_ODDS and OWN_WEIGHT.name not in values:
            numbers[loops.OWN_WEIGHT] = np.zeros_like(one)
        each = [
            values[of] if of else np.full_like(one, played.accuracies[who]) for who, of in self.trusts(played).items()
        ]
        first = np.stack(each or [np.zeros_like(one)], axis=1)
        how = (BAYES, LOG_ODDS, AVERAGE).index(self.combine)
        return likelihood_of_records(records, first, numbers, played.receiver_table, how, self.lapse)

    def reputations(self, game: AdviceGame) -> tuple[int, ...]:
        """Return, for each adviser, the place of the reputation that trust follows: -1, for it stays."""
        return (-1,) * max(1, len(game.advisers))

    def thought_of_advisers(self, values: Values, history: History, game: AdviceGame) -> dict[str, Array]:
        """Return what the person thinks of whom they face, each (node, decision): trust, unless there is more to it."""
        return {TRUST: self.trust_at_decisions(values, history, game)}

    def trust_at_decisions(self, values: Values, history: History, game: AdviceGame) -> Array:
        """Return the trust in whom the person faces, (node, decision): the same at all times."""
        return self.first_trusts(values, game)[:, advisers_of(history.facing, history, game)]

    def first_trusts(self, values: Values, game: AdviceGame) -> Array:
        """Return the trust in each adviser before anything is learnt, (node, adviser)."""
        each = [(of_person(values[name]) if name else game.accuracies[who]) for who, name in self.trusts(game).items()]
        return np.stack(np.broadcast_arrays(*map(np.atleast_1d, each)), axis=-1)

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each bet is worth under the combined belief, (..., decision, action), payoff units or logits."""
        own = np.maximum(values.get("own_belief", game.prior), TINY)
        if self.about == NOBODY:
            return values[OWN_WEIGHT.name] * np.log(own) if self.combine == LOG_ODDS else own @ game.receiver_table.T
        said = np.eye(len(game.states))[grid_index(game.messages, message)]
        trust = np.clip(values[TRUST], TINY, 1 - TINY)
        if self.combine == AVERAGE:
            return (trust * said + (1 - trust) * own) @ game.receiver_table.T
        likely = trust * said + (1 - trust) / (len(game.states) - 1) * (1 - said)
        if self.combine == LOG_ODDS:
            return values.get(OWN_WEIGHT.name, 0.0) * np.log(own) + values.get(ADVICE_WEIGHT, 1.0) * np.log(likely)
        belief = own * likely
        return belief / belief.sum(axis=-1, keepdims=True) @ game.receiver_table.T

    def _source(self, game: AdviceGame) -> str:
        return source_of(game, self.own)

    @property
    def _is_apart(self) -> bool:
        """Whether each adviser has a trust of their own."""
        return self.about == EACH


_PRECISION = f"{RECEIVER}_precision"
ADVICE_WEIGHT = "advice_weight"  # a parameter of those who learn
_ROWS = MOVING_ROWS | {
    OWN_WEIGHT.name: loops.OWN_WEIGHT,
    ADVICE_WEIGHT: loops.ADVICE_WEIGHT,
    _PRECISION: loops.PRECISION,
    LAPSE.name: loops.LAPSE,
}
