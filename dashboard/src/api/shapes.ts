/** What the API describes as an object only: inspections, ledgers of imports, backtests, cards and drivers. */

export interface InspectedColumn {
  name: string;
  looks_like: string;
  distinct: number;
  empty: number;
  samples: string[];
}

export interface MappedField {
  field: string;
  column: string | null;
  confidence: number;
  used: boolean;
  reason: string;
  alternatives: string[];
}

export interface InspectedTable {
  file: string;
  table: string;
  content: "lines" | "customers" | "reviews" | "ignored";
  rows: number;
  format: Record<string, string | number | boolean | null>;
  preset: string | null;
  grain: string | null;
  columns: InspectedColumn[];
  mapping: MappedField[];
  notes: string[];
}

export interface Doubt {
  field: string;
  columns: string[];
  question: string;
  choices: string[];
  todo: string;
}

export interface Inspection {
  tables: InspectedTable[];
  mapping: Record<string, string>;
  doubts: Doubt[];
  notes: string[];
  preset: string | null;
  currency: string | null;
  date_order: string | null;
  time_zone: string;
  grain: string | null;
}

export interface Counted {
  part: number;
  whole: number;
  value: number;
  low: number;
  high: number;
}

export interface Difference {
  ours: number;
  theirs: number;
  value: number;
  low: number;
  high: number;
}

export interface Scores {
  customers: number;
  buyers: number;
  base_rate: number;
  auc: number | null;
  log_loss: number | null;
  brier: number | null;
  ece: number | null;
  captured_spend: number | null;
  captured_buyers: number | null;
  gain_spend: number | null;
}

export interface MethodRow {
  method: string;
  scores: Scores;
  auc_difference: Difference | null;
  captured_spend_difference: Difference | null;
}

export interface ReliabilityBin {
  customers: number;
  predicted: number;
  observed: Counted;
}

export interface Total {
  expected: number;
  actual: number;
  bias: number | null;
}

export interface PastDate {
  date: string;
  customers: number;
  buyers: number;
  state: string;
  season_known: boolean;
  level_words: string;
  orders: Total;
  spend: Total;
  scores: Record<string, Scores>;
  reliability: ReliabilityBin[];
}

export interface CostPoint {
  threshold: number | null;
  flagged: number;
  wasted: number;
  lost: number;
}

export interface Threshold {
  threshold: number;
  incentive: number;
  assumptions: { margin: number; success_rate: number; incentive_share: number; currency: string | null };
  cost: { customers: number; best: CostPoint; treat_nobody: CostPoint; treat_all: CostPoint; curve: CostPoint[] };
  sentence: string;
}

export interface GainPoint {
  share: number;
  spend: number;
}

export interface Backtest {
  horizon: number;
  dates: PastDate[];
  reason: string;
  table: MethodRow[];
  graded: { grade: string; sentence: string };
  reliability: ReliabilityBin[];
  ece: number | null;
  spend_coverage: { below: Counted; inside: Counted; above: Counted } | null;
  threshold: Threshold | null;
  sentence: string;
  as_of_date: string;
  gain?: Record<string, GainPoint[]>;
}

export interface Card {
  grade: string;
  use_rule: boolean;
  sentence: string;
  evidence: string;
  state: string;
  missing: string[];
  season_known: boolean;
  customers: number;
  order_days: number;
  first_day: string;
  last_day: string;
  horizon: number;
  features: number;
  folds: string[];
  level: string;
  past_dates: string[];
  leak: string;
  next_order: string;
  limits: string[];
}

export interface Drivers {
  customers: number;
  typical: number;
  groups: { group: string; points: number; share: number }[];
  columns: { name: string; group: string; points: number; direction: string }[];
}
