"""The workers: hiring, moving, resigning, leaving, and the hidden traits that make them slip.

The life of a worker belongs here, and its plain facts (process, team, site, pattern). Shifts are in roster.py, courses in
training.py, accounts in access.py. Days are counted from the first delivered day (0); earlier days are negative.
"""

import numpy as np

from simulation.parameters import Parameters
from simulation.profiles import AGENT, LEAD, SENIOR
from simulation.tables import NULL, Array, Table
from simulation.world import World

TEAM_SIZE = 15
SETTLED_DAYS = 60  # nobody changes process again before


class People:
    """All workers who ever were, one row each, and their assignments to processes.

    Hidden, as today's draw used them: `moving`, each worker's chance to change process, and `going`, where a mover goes.
    """

    def __init__(self, parameters: Parameters, world: World, rng: np.random.Generator) -> None:
        self._p, self._world, self._rng = parameters, world, rng
        room = int(parameters.agents * (1.1 + 0.7 * (parameters.days + 30) / 365))
        self.w = Table(
            room,
            process=np.int64,
            team=np.int64,
            role=np.int64,
            pattern=np.int64,
            off=np.int64,
            contractor=np.int64,
            hired=np.int64,
            resigned=np.int64,
            leaves=np.int64,
            gone=bool,
            leave_until=np.int64,
            moved=np.int64,
            since=np.int64,
            slot=np.int64,
            trait=np.float64,
            mood=np.float64,
            fatigue=np.float64,
        )
        self.assignments = Table(room, worker=np.int64, process=np.int64, start=np.int64, end=np.int64)
        self.teams = -(-world.target // TEAM_SIZE)
        self._first_team = np.cumsum(self.teams) - self.teams
        self.lead = np.full(int(self.teams.sum()), -1)
        self._promoted: list[Array] = []
        staffed = rng.binomial(world.target, rng.uniform(0.90, 1.0, world.count))
        process = np.repeat(np.arange(world.count), staffed)
        tenure = np.minimum(rng.exponential(520, len(process)).astype(int) + 1, 4_000)
        self.hire(process, -tenure)
        self.left_today = self.moved_today = self.hired_today = self.promoted_today = np.zeros(0, int)

    def hire(self, process: Array, hired: Array) -> Array:
        """New workers into these processes, hired on these days; returns their row numbers."""
        rng, count = self._rng, len(process)
        team = self._first_team[process] + (rng.random(count) * self.teams[process]).astype(int)
        day_work = np.where(rng.random(count) < 0.7, 0, 1)
        clock = self._world.around_the_clock[process]
        role = rng.choice(4, count, p=[0.74, 0.19, 0.0, 0.07])
        new = self.w.append(
            count,
            process=process,
            team=team,
            role=role,
            pattern=np.where(clock, rng.integers(0, 4, count), day_work),
            off=np.where(clock, rng.integers(0, 7, count), 5),
            contractor=rng.random(count) < 0.18,
            hired=hired,
            resigned=NULL,
            leaves=NULL,
            leave_until=NULL,
            moved=NULL,
            since=hired,
            trait=rng.normal(0, 0.8, count),
            mood=rng.normal(0, 0.7, count),
            fatigue=0.0,
        )
        self.w.slot[new] = self.assignments.append(count, worker=new, process=process, start=hired, end=NULL)
        self._fill_leads()
        return new

    def _fill_leads(self) -> None:
        """Give each team without a lead its longest serving worker, an ordinary agent only where there is nobody else."""
        w = self.w
        here = np.flatnonzero(~w.gone & (self.lead[w.team] < 0))
        here = here[np.lexsort((w.hired[here], w.role[here] == AGENT))]
        teams, first = np.unique(w.team[here], return_index=True)
        self.lead[teams] = here[first]
        w.role[here[first]] = LEAD
        self._promoted.append(here[first])

    def other_lead(self, who: Array) -> Array:
        """For each of these workers a team lead who is somebody else, the same one as long as the leads are the same."""
        leads = np.unique(self.lead[self.lead >= 0])
        found = leads[np.searchsorted(leads, who, side="right") % len(leads)]
        return np.where(found == who, -1, found)

    def present(self, day: int) -> Array:
        """Mask of workers employed on this day."""
        return ~self.w.gone & (self.w.hired <= day)

    def carelessness(self) -> Array:
        """Hidden: stable trait plus a mood that comes and goes with a half-life of a month; mean 0, sd 1.06."""
        return self.w.trait + self.w.mood

    def novice(self, day: int) -> Array:
        """Hidden: 1 on the first day in a process, fading with 45 days."""
        fresh = np.exp(-np.maximum(day - self.w.since, 0) / 45.0)
        return np.asarray(np.where(self.w.moved == self.w.since, 0.6, 1.0) * fresh)

    def on_notice(self, day: int) -> Array:
        """Mask: has resigned and still works."""
        return np.asarray((self.w.resigned != NULL) & (self.w.resigned <= day) & ~self.w.gone)

    def leave_intensity(self, day: int) -> Array:
        """Hidden: chance to resign today, per worker (0 for those who have resigned or are not there)."""
        world, w = self._world, self.w
        strain = 0.8 * world.backlog + 0.35 * world.slack
        rate = self._p.leave_rate * np.exp(strain[w.process] + 0.9 * self.novice(day) + 0.35 * np.minimum(w.fatigue, 2))
        return np.where(self.present(day) & (w.resigned == NULL), np.minimum(rate, 0.03), 0.0)

    def capacity(self, day: int) -> Array:
        """Per process, productive people over the number needed in normal times."""
        w = self.w
        works = self.present(day) & (w.leave_until < day)
        worth = np.where(works, (1 - 0.45 * self.novice(day)) * np.where(self.on_notice(day), 0.85, 1.0), 0.0)
        return np.asarray(np.bincount(w.process, worth, self._world.count) / (0.9 * self._world.target))

    def step(self, day: int, weekday: int) -> Array:
        """One day on: leavers go, some resign, some move, some take leave; on Sundays the class of Monday is hired.

        Returns:
            The intensity of resigning that the draw of today used.
        """
        p, w, rng = self._p, self.w, self._rng
        self._promoted = []
        self.left_today = np.flatnonzero((w.leaves == day) & ~w.gone)
        w.gone[self.left_today] = True
        self.assignments.end[w.slot[self.left_today]] = day
        self.lead[np.isin(self.lead, self.left_today)] = -1
        self._fill_leads()

        intensity = self.leave_intensity(day)
        quits = np.flatnonzero(rng.random(len(w)) < intensity)
        w.resigned[quits] = day
        w.leaves[quits] = day + rng.choice(p.notice_days, len(quits), p=p.notice_weights)

        here = self.present(day)
        self.moving, self.going = self._move_chance(day, weekday), self._destinations()
        self._move(day, np.flatnonzero(rng.random(len(w)) < self.moving))
        takes = np.flatnonzero(here & (w.leave_until < day) & (rng.random(len(w)) < 1 / 95))
        w.leave_until[takes] = day + rng.integers(3, 12, len(takes))
        w.mood[:] += -w.mood / 40 + rng.normal(0, 0.7 * np.sqrt(2 / 40), len(w))

        self.hired_today = np.zeros(0, int)
        if weekday == 6:
            vacant = np.maximum(self._world.target - np.bincount(w.process[~w.gone], minlength=self._world.count), 0)
            classes = rng.binomial(vacant, min(p.recruiting * self._world.recruiting, 1))
            self.hired_today = self.hire(np.repeat(np.arange(self._world.count), classes), np.full(classes.sum(), day + 1))
        self.promoted_today = np.concatenate([*self._promoted, np.zeros(0, int)])
        return intensity

    def _move_chance(self, day: int, weekday: int) -> Array:
        """Hidden: chance to change process today; people change on Sundays, so that the week's lists know it."""
        w = self.w
        may = self.present(day) & (w.resigned == NULL) & (day - w.since > SETTLED_DAYS) & (weekday == 6)
        return np.where(may, 7 * self._p.move_rate, 0.0)

    def _destinations(self) -> Array:
        """Hidden: per process, the chance that a mover of today goes there."""
        vacant = np.maximum(self._world.target - np.bincount(self.w.process[~self.w.gone], minlength=self._world.count), 0) + 0.5
        return np.asarray(vacant / vacant.sum())

    def _move(self, day: int, movers: Array) -> None:
        """Move these workers to processes with vacancies."""
        w, world, rng = self.w, self._world, self._rng
        self.moved_today = movers
        if not len(movers) or world.count < 2:
            self.moved_today = movers[:0]
            return
        to = rng.choice(world.count, len(movers), p=self.going)
        movers, to = movers[to != w.process[movers]], to[to != w.process[movers]]
        self.moved_today = movers
        self.assignments.end[w.slot[movers]] = day
        self.lead[np.isin(self.lead, movers)] = -1
        w.process[movers], w.since[movers], w.moved[movers] = to, day, day
        w.team[movers] = self._first_team[to] + (rng.random(len(movers)) * self.teams[to]).astype(int)
        w.role[movers[w.role[movers] == LEAD]] = SENIOR
        w.off[movers] = np.where(world.around_the_clock[to], w.off[movers], 5)
        w.pattern[movers] = np.where(world.around_the_clock[to], w.pattern[movers], np.minimum(w.pattern[movers], 1))
        w.slot[movers] = self.assignments.append(len(movers), worker=movers, process=to, start=day, end=NULL)
        self._fill_leads()
