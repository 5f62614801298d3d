-- 账本第 1 版。每张表只增不改：一行写下以后不再变，改变是新的一行；「entry」是它随日记账第几条写下的。
-- 金额是文字写的十进制数（如 90.00），日期是 2026-10-31，指纹是小写十六进制的 SHA-256。

CREATE TABLE journal (                 -- 日记账：每做一件事一条
  seq            INTEGER PRIMARY KEY,  -- 第几条，从 1 起，不断号
  kind           TEXT NOT NULL,        -- run 运行，approve 批准，appeal 申诉，execute 执行，close 月结，restate 更正，import 转入旧账
  period         TEXT NOT NULL,        -- 哪个月，如 2026-10
  said           TEXT NOT NULL,        -- 一句话
  writer         TEXT NOT NULL,        -- 写下它的程序
  rows_sha256    TEXT NOT NULL,        -- 随它写下的各表各行的指纹
  before_sha256  TEXT NOT NULL,        -- 前一条的指纹；第 1 条是空的
  sha256         TEXT NOT NULL UNIQUE  -- 本条的指纹，由以上各列算出
) STRICT;

CREATE TABLE runs (                    -- 运行
  entry            INTEGER PRIMARY KEY REFERENCES journal (seq),
  period           TEXT NOT NULL,
  as_of            TEXT NOT NULL,      -- 截止时刻
  company          TEXT NOT NULL,
  basis_sha256     TEXT NOT NULL,      -- 决定输出的一切（输入、规则、设置、以前的账）的指纹
  manifest_sha256  TEXT NOT NULL,      -- 输出文件夹里 manifest.json 的指纹
  root_sha256      TEXT NOT NULL       -- 当月各张单据指纹的默克尔根
) STRICT;

CREATE TABLE run_packs (               -- 运行用到的规则包
  entry     INTEGER NOT NULL REFERENCES runs (entry),
  pack      TEXT NOT NULL,
  version   TEXT NOT NULL,
  calendar  TEXT NOT NULL,             -- 工作日历
  PRIMARY KEY (entry, pack)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_files (               -- 运行读了哪些文件
  entry   INTEGER NOT NULL REFERENCES runs (entry),
  role    TEXT NOT NULL,               -- input 数据，rule 规则与日历与模板，setting 设置
  path    TEXT NOT NULL,
  bytes   INTEGER NOT NULL,
  sha256  TEXT NOT NULL,
  PRIMARY KEY (entry, role, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE findings (                -- 问题：新出现、有变、消失各一行；同一编号的最后一行是现状
  entry      INTEGER NOT NULL REFERENCES journal (seq),
  id         TEXT NOT NULL,            -- 规则包/规则/对象/月份，同样的再加「#2」
  period     TEXT NOT NULL,
  state      TEXT NOT NULL,            -- new 新，changed 有变，gone 消失
  pack       TEXT NOT NULL,
  rule       TEXT NOT NULL,
  version    TEXT NOT NULL,            -- 规则版本的生效日
  clause     TEXT NOT NULL,            -- 条款
  outcome    TEXT NOT NULL,            -- breached 违规，indeterminate 无法判定，suspected 疑似
  subject    TEXT NOT NULL,            -- 对象，如客诉编号
  unit       TEXT NOT NULL,            -- 部门
  person     TEXT NOT NULL,            -- 责任人
  day        TEXT NOT NULL,            -- 发生日
  amount     TEXT NOT NULL,            -- 金额，元
  points     TEXT NOT NULL,            -- 分
  actions    TEXT NOT NULL,            -- 不带金额的处分
  message    TEXT NOT NULL,            -- 说明
  place      TEXT NOT NULL,            -- 出处：文件、工作表、行
  sha256     TEXT NOT NULL,            -- 除出处以外各列的指纹
  PRIMARY KEY (entry, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_by_period ON findings (period, id, entry);

CREATE TABLE numbers (                 -- 单号：给过谁的永远是谁的，不再给别人
  entry      INTEGER NOT NULL REFERENCES journal (seq),
  number     TEXT NOT NULL UNIQUE,     -- 如 JF-202610-001
  period     TEXT NOT NULL,
  prefix     TEXT NOT NULL,            -- 字头
  running    INTEGER NOT NULL,         -- 当月第几号
  rule       TEXT NOT NULL,            -- 单据规则：规则包/规则
  form       TEXT NOT NULL,            -- 单据名
  recipient  TEXT NOT NULL,            -- 给谁
  unit       TEXT NOT NULL,            -- 哪个部门的案件
  PRIMARY KEY (entry, number),
  UNIQUE (period, prefix, running),
  UNIQUE (period, rule, recipient, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE notices (                 -- 单据的内容：开出、有变、作废、恢复各一行；同一单号的最后一行是现状
  entry      INTEGER NOT NULL REFERENCES journal (seq),
  number     TEXT NOT NULL REFERENCES numbers (number),
  state      TEXT NOT NULL,            -- issued 开出（含有变、恢复），void 作废
  asks       INTEGER NOT NULL,         -- 1 要批准，0 不用（催办等）
  amount     TEXT NOT NULL,            -- 单上的合计；没有金额的为空
  low        TEXT NOT NULL,            -- 批准的金额最少
  high       TEXT NOT NULL,            -- 最多；为空即不限
  posts      TEXT NOT NULL,            -- 谁有权批准，顿号隔开
  text       TEXT NOT NULL,            -- 单据写了什么
  sha256     TEXT NOT NULL,            -- text 的指纹；它的前 12 位是校验码
  PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_by_number ON notices (number, entry);

CREATE TABLE notice_findings (         -- 哪张单据因哪些问题而开
  entry    INTEGER NOT NULL REFERENCES journal (seq),
  number   TEXT NOT NULL REFERENCES numbers (number),
  finding  TEXT NOT NULL,
  PRIMARY KEY (entry, number, finding)
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (               -- 对单据的决定：批准、减免、驳回；申诉后的维持、减免、撤销
  entry          INTEGER NOT NULL REFERENCES journal (seq),
  number         TEXT NOT NULL REFERENCES numbers (number),
  state          TEXT NOT NULL,        -- 批准，减免，驳回，申诉中，维持，撤销，已执行
  amount         TEXT NOT NULL,        -- 核定金额；没有金额的为空
  reason         TEXT NOT NULL,
  signed_by      TEXT NOT NULL,        -- 谁签的
  post           TEXT NOT NULL,        -- 职务
  decided_on     TEXT NOT NULL,        -- 哪天
  notice_sha256  TEXT NOT NULL,        -- 决定时单据的指纹；单据变了，决定就不算数
  source         TEXT NOT NULL,        -- 抄自哪个文件的哪一格
  PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE points (                  -- 扣分：这次运行当月每一条；月结以后由以后各月累计
  entry    INTEGER NOT NULL REFERENCES runs (entry),
  line     INTEGER NOT NULL,
  rule     TEXT NOT NULL,              -- 扣分规则：规则包/规则
  unit     TEXT NOT NULL,
  person   TEXT NOT NULL,
  day      TEXT NOT NULL,              -- 发生日
  item     TEXT NOT NULL,              -- 条款
  points   TEXT NOT NULL,              -- 计入的分；不能定的为空
  cause    TEXT NOT NULL,              -- 因哪条规则的问题而扣：规则包/规则；登记的扣分为空
  subject  TEXT NOT NULL,              -- 那条问题的对象；它被驳回、撤销的，这一条不再计
  PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE scores (                  -- 评分：这次运行当月每一次；月结以后计入年度总分
  entry    INTEGER NOT NULL REFERENCES runs (entry),
  line     INTEGER NOT NULL,
  rule     TEXT NOT NULL,              -- 评分规则：规则包/规则
  unit     TEXT NOT NULL,
  person   TEXT NOT NULL,
  class    TEXT NOT NULL,              -- 类型，如周检、月考核
  label    TEXT NOT NULL,              -- 期间，如 2026-10
  day      TEXT NOT NULL,              -- 这一期的末日
  score    TEXT NOT NULL,              -- 得分；没有的为空
  PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE figures (                 -- 当月统计：各汇总表的总计；月结以后供下个月、下一年比较
  entry    INTEGER NOT NULL REFERENCES runs (entry),
  rule     TEXT NOT NULL,              -- 统计规则：规则包/规则
  cases    INTEGER NOT NULL,           -- 件数
  on_time  INTEGER NOT NULL,           -- 按期
  late     INTEGER NOT NULL,           -- 逾期
  loss     TEXT NOT NULL,              -- 损失金额
  timed    INTEGER NOT NULL,           -- 知道天数的件数
  days     TEXT NOT NULL,              -- 它们的天数之和
  longest  TEXT NOT NULL,              -- 最长天数
  PRIMARY KEY (entry, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE closed (                  -- 月结：这个月以后不再改，更正另记
  entry            INTEGER PRIMARY KEY REFERENCES journal (seq),
  period           TEXT NOT NULL UNIQUE,
  run              INTEGER NOT NULL REFERENCES runs (entry),  -- 封存的是哪一次运行
  manifest_sha256  TEXT NOT NULL,
  root_sha256      TEXT NOT NULL,
  closed_on        TEXT NOT NULL,
  signed_by        TEXT NOT NULL
) STRICT;

CREATE TABLE closed_notices (          -- 月结时各张单据的结果
  entry      INTEGER NOT NULL REFERENCES closed (entry),
  number     TEXT NOT NULL REFERENCES numbers (number),
  state      TEXT NOT NULL,
  amount     TEXT NOT NULL,            -- 实际执行的金额
  sha256     TEXT NOT NULL,            -- 月结时单据的指纹
  PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (             -- 月结以后的更正：谁多扣、少扣了多少，为什么；同一月结的最后一次更正为准
  entry      INTEGER NOT NULL REFERENCES journal (seq),
  line       INTEGER NOT NULL,
  period     TEXT NOT NULL,            -- 更正的是哪个已月结的月份
  number     TEXT NOT NULL,            -- 原单号；新增的为空
  recipient  TEXT NOT NULL,
  unit       TEXT NOT NULL,
  closed     TEXT NOT NULL,            -- 月结时的金额
  corrected  TEXT NOT NULL,            -- 应为
  difference TEXT NOT NULL,            -- 正数补扣，负数退还
  why        TEXT NOT NULL,
  PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE past (                    -- 从公司自己的奖罚台账转入的旧账
  entry      INTEGER NOT NULL REFERENCES journal (seq),
  line       INTEGER NOT NULL,
  period     TEXT NOT NULL,
  day        TEXT NOT NULL,
  person     TEXT NOT NULL,
  unit       TEXT NOT NULL,
  matter     TEXT NOT NULL,            -- 事由
  rule       TEXT NOT NULL,            -- 规则包/规则；为空即只备查，不计次
  amount     TEXT NOT NULL,
  points     TEXT NOT NULL,
  place      TEXT NOT NULL,            -- 出处
  PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER journal_kept   BEFORE UPDATE ON journal BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER journal_stays  BEFORE DELETE ON journal BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER runs_kept   BEFORE UPDATE ON runs BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER runs_stays  BEFORE DELETE ON runs BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER run_packs_kept   BEFORE UPDATE ON run_packs BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER run_packs_stays  BEFORE DELETE ON run_packs BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER run_files_kept   BEFORE UPDATE ON run_files BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER run_files_stays  BEFORE DELETE ON run_files BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER findings_kept   BEFORE UPDATE ON findings BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER findings_stays  BEFORE DELETE ON findings BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER numbers_kept   BEFORE UPDATE ON numbers BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER numbers_stays  BEFORE DELETE ON numbers BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER notices_kept   BEFORE UPDATE ON notices BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER notices_stays  BEFORE DELETE ON notices BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER notice_findings_kept   BEFORE UPDATE ON notice_findings BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER notice_findings_stays  BEFORE DELETE ON notice_findings BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER decisions_kept   BEFORE UPDATE ON decisions BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER decisions_stays  BEFORE DELETE ON decisions BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER closed_kept   BEFORE UPDATE ON closed BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER closed_stays  BEFORE DELETE ON closed BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER closed_notices_kept   BEFORE UPDATE ON closed_notices BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER closed_notices_stays  BEFORE DELETE ON closed_notices BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER corrections_kept   BEFORE UPDATE ON corrections BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER corrections_stays  BEFORE DELETE ON corrections BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER past_kept   BEFORE UPDATE ON past BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER past_stays  BEFORE DELETE ON past BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER points_kept   BEFORE UPDATE ON points BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER points_stays  BEFORE DELETE ON points BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER scores_kept   BEFORE UPDATE ON scores BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER scores_stays  BEFORE DELETE ON scores BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;

CREATE TRIGGER figures_kept   BEFORE UPDATE ON figures BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
CREATE TRIGGER figures_stays  BEFORE DELETE ON figures BEGIN SELECT RAISE (ABORT, '账本只增不改'); END;
