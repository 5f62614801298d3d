//! A pack as a whole: approved by somebody, and nothing switched off that is not there.

use crate::diag::{Code, Diag, Diags};
use crate::rules::Pack;

pub fn lint(pack: &Pack, diags: &mut Diags) {
    let lacking: Vec<&str> = [("approved_by", pack.approved_by.is_none()), ("approved_on", pack.approved_on.is_none())]
        .into_iter()
        .filter_map(|(key, is_lacking)| is_lacking.then_some(key))
        .collect();
    if !lacking.is_empty() {
        let message = format!("规则包「{}」没有写明核准：缺 {}", pack.id, lacking.join("、"));
        let help = "规则包的实施和修订要有人核准；在 [pack] 里写 approved_by = \"总经理\"、approved_on = 2026-01-05";
        diags.push(Diag::warning(Code::PackUnapproved, message).in_file(pack.folder.join("pack.toml")).help(help));
    }
    for off in pack.off.iter().filter(|off| off.pack == pack.id) {
        for (pattern, place) in &off.idle {
            let message = format!("停用「{pattern}」没有碰到任何规则或条目");
            let help = "所沿用的包里还没有这样的规则；写错了就改，将来才有就留着";
            diags.push(Diag::note(Code::RuleDangling, message).at(place.clone()).help(help));
        }
    }
}
