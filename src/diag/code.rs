//! The codes of all problems, each with a title. `docs/errors.md` has a page line for every one.

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $title:literal;)*) => {
        /// What kind of problem it is; printed in brackets behind the severity and never reused for another meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Chinese, a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }
        }
    };
}

codes! {
    // files
    FolderMissing = "folder-missing", "数据文件夹不存在";
    FolderEmpty = "folder-empty", "数据文件夹里没有表格文件";
    FileUnreadable = "file-unreadable", "文件打不开";
    FileEncrypted = "file-encrypted", "文件有打开密码";
    FileDamaged = "file-damaged", "文件已损坏";
    FileTooLarge = "file-too-large", "文件超过限额";
    FileUnsupported = "file-unsupported", "不认识的文件格式";
    ReaderStopped = "reader-stopped", "读取子进程中止";
    EncodingGuessed = "encoding-guessed", "文字编码为推定";
    // sheets and columns
    NoDataset = "no-dataset", "没有一张表被认出来";
    SheetUnrecognised = "sheet-unrecognised", "工作表未被采用";
    ColumnMissing = "column-missing", "缺少必需的列";
    ColumnRepeated = "column-repeated", "两列对应同一字段";
    ColumnUnused = "column-unused", "列未被采用";
    KeyClash = "key-clash", "两张表有相同主键";
    // cells
    DateUnreadable = "date-unreadable", "日期读不懂";
    NumberUnreadable = "number-unreadable", "数字读不懂";
    ValueUnknown = "value-unknown", "取值不在允许范围";
    KeyBlank = "key-blank", "主键为空";
    OrderReversed = "order-reversed", "先后颠倒";
    CellError = "cell-error", "单元格是错误值";
    CellTooLong = "cell-too-long", "单元格文字过长";
    RowDuplicate = "row-duplicate", "重复行";
    TotalsUnbalanced = "totals-unbalanced", "控制总数不平";
    // rules
    RuleSyntax = "rule-syntax", "规则文件写法有误";
    RuleUnknownKey = "rule-unknown-key", "规则里有不认识的键";
    RuleDuplicate = "rule-duplicate", "规则编号重复";
    RuleDangling = "rule-dangling", "引用的对象不存在";
    RuleFieldUnknown = "rule-field-unknown", "数据表里没有这个字段";
    RuleFieldType = "rule-field-type", "字段类型不合用";
    RuleValue = "rule-value", "规则里的取值不对";
    RuleGap = "rule-gap", "条件有漏档";
    RuleOverlap = "rule-overlap", "条件有重档";
    RuleUnreachable = "rule-unreachable", "永远轮不到的一行";
    RuleNotMonotonic = "rule-not-monotonic", "权限高低颠倒";
    RuleVersions = "rule-versions", "版本日期有误";
    RuleNoCases = "rule-no-cases", "规则没有用例";
    RuleBoundaryUntested = "rule-boundary-untested", "边界没有用例";
    PackUnapproved = "pack-unapproved", "规则包没有写明核准";
    RuleSqlUsed = "rule-sql-used", "使用了 where_sql";
    CatalogInvalid = "catalog-invalid", "规则目录写法有误";
    CaseFailed = "case-failed", "规则用例未通过";
    RuleFault = "rule-fault", "规则执行出错";
    CalendarInvalid = "calendar-invalid", "日历写法有误";
    CalendarUncovered = "calendar-uncovered", "日历没有该年数据";
    FormInvalid = "form-invalid", "单据模板有误";
    // running
    SettingsInvalid = "settings-invalid", "设置文件有误";
    OutputUnwritable = "output-unwritable", "输出写不进去";
    OutputTooLarge = "output-too-large", "输出超过 Excel 行数";
    FormulaDiffers = "formula-differs", "公式与统计不符";
    ProgramFault = "program-fault", "程序内部错误";
    // the ledger
    LedgerDamaged = "ledger-damaged", "账本已损坏";
    LedgerNewer = "ledger-newer", "账本的版本太新";
    LedgerAltered = "ledger-altered", "账本被改动过";
    LedgerBusy = "ledger-busy", "账本正被占用";
    DecisionInvalid = "decision-invalid", "批示有误";
    MonthClosed = "month-closed", "这个月已月结";
    MonthOpen = "month-open", "这个月还不能月结";
    ProofFailed = "proof-failed", "核对不符";
    SubjectUnknown = "subject-unknown", "没有这个编号";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = Code::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
