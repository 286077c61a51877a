import { plural } from '../format';
import type { Report } from './report';

/** Which seeds compare all groups with each other; empty in what is no race. */
export const firstSeeds = (report: Report): string => (report.family?.race
  ? `By the first ${plural(report.family.race.looks[0]?.seeds ?? 0, 'seed')}, which every group of the race has.` : '');

/** Which seeds a group is summed up by; empty in what is no race. */
export function ownSeeds(report: Report): string {
  const looks = report.family?.race?.looks ?? [];
  const [first, last] = [looks[0]?.seeds ?? 0, looks[looks.length - 1]?.seeds ?? 0];
  return looks.length === 0 ? '' : `Each group by all the seeds that the race gave it, ${first} to ${last}, and not by the first ${first} alone as where all `
    + 'groups are compared with each other.';
}

/** Over how many seeds expectations are judged: "3 seeds", "5 to 20 seeds, as many as the race gave each group". */
export function judgedSeeds(report: Report): string {
  const given = report.expectations.flatMap((e) => [e, ...e.controls]).flatMap((e) => e.groups.map((g) => g.given));
  const [least, most] = given.length > 0 ? [Math.min(...given), Math.max(...given)] : [report.sweep.seeds.length, report.sweep.seeds.length];
  return `${least === most ? '' : `${least} to `}${plural(most, 'seed')}${report.family?.race ? ', as many as the race gave each group' : ''}`;
}
