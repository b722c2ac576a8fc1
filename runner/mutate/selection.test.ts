import { describe, expect, it } from 'vitest';
import { selected } from './selection.ts';

const mutants = Array.from({ length: 40 }, (_, index) => ({
  id: `file/${index % 2 === 0 ? 'Even' : 'Odd'}/label/${index}`,
  subject: index % 2 === 0 ? 'Even' : 'Odd',
  operator: 'label',
  says: '',
}));

describe('a selection of mutants', () => {
  it('holds those of the named rules, or whose ids begin so', () => {
    expect(selected(mutants, { only: ['Even'], seed: '1' })).toHaveLength(20);
    expect(selected(mutants, { only: ['file/Odd/label/1'], seed: '1' })).toHaveLength(6);
    expect(selected(mutants, { only: ['Eve'], seed: '1' })).toEqual([]);
    expect(selected(mutants, { only: [], seed: '1' })).toEqual(mutants);
  });

  it('is the same for the same seed, in the order they came, and another one for another', () => {
    const draw = (seed: string) => selected(mutants, { only: [], seed, sample: 10 }).map(({ id }) => id);
    expect(draw('1')).toHaveLength(10);
    expect(draw('1')).toEqual(draw('1'));
    expect(draw('1')).not.toEqual(draw('2'));
    expect(draw('1')).toEqual(mutants.map(({ id }) => id).filter((id) => draw('1').includes(id)));
  });

  it('holds all of them when there are fewer than were asked for', () => {
    expect(selected(mutants, { only: ['Odd'], seed: '1', sample: 1000 })).toHaveLength(20);
  });
});
