//! The JSON Schema of a rule file, for editors and for readers.

use schemars::{JsonSchema, schema_for};

use super::kinds::{
    WrittenApproval, WrittenDeadline, WrittenDerive, WrittenDuty, WrittenFrequency, WrittenNotice, WrittenOrder, WrittenPenalty,
    WrittenPoints, WrittenRatio, WrittenReconcile, WrittenRequire, WrittenScorecard, WrittenSequence, WrittenStatistic,
};

use super::pack_file::WrittenPackFile;

/// A rule file as a whole; only its schema is ever made.
#[derive(JsonSchema)]
#[schemars(title = "kesu 规则文件", description = "规则包文件夹里的一个 TOML 文件；一种规则一个数组", deny_unknown_fields)]
#[allow(dead_code, reason = "the loader reads each array by itself, to keep the places of errors")]
struct RuleFile {
    #[schemars(description = "时限", default)]
    deadline: Vec<WrittenDeadline>,
    #[schemars(description = "核决权限", default)]
    approval: Vec<WrittenApproval>,
    #[schemars(description = "必填与相符", default)]
    require: Vec<WrittenRequire>,
    #[schemars(description = "编号", default)]
    sequence: Vec<WrittenSequence>,
    #[schemars(description = "先后次序", default)]
    order: Vec<WrittenOrder>,
    #[schemars(description = "计算字段", default)]
    derive: Vec<WrittenDerive>,
    #[schemars(description = "定期应做", default)]
    duty: Vec<WrittenDuty>,
    #[schemars(description = "次数", default)]
    frequency: Vec<WrittenFrequency>,
    #[schemars(description = "两数核对", default)]
    reconcile: Vec<WrittenReconcile>,
    #[schemars(description = "比率", default)]
    ratio: Vec<WrittenRatio>,
    #[schemars(description = "扣分", default)]
    points: Vec<WrittenPoints>,
    #[schemars(description = "评分", default)]
    scorecard: Vec<WrittenScorecard>,
    #[schemars(description = "罚扣", default)]
    penalty: Vec<WrittenPenalty>,
    #[schemars(description = "单据", default)]
    notice: Vec<WrittenNotice>,
    #[schemars(description = "统计", default)]
    statistic: Vec<WrittenStatistic>,
}

/// Pretty JSON.
pub fn schema() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&schema_for!(RuleFile))
}

/// The same for a `pack.toml`.
pub fn pack_schema() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&schema_for!(WrittenPackFile))
}
