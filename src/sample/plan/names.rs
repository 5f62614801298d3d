//! Invented people and customers, as many as a pack asks for.

use crate::sample::names::{OCCASIONAL, OCCASIONAL_ABROAD};

const SURNAMES: [&str; 30] = [
    "周", "吴", "陈", "郑", "王", "褚", "冯", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "尤", "许", "何", "吕", "施", "张", "孔", "曹",
    "严", "华", "金", "魏", "陶", "姜", "戚", "谢",
];
const GIVEN: [&str; 24] = [
    "小满", "谷雨", "白露", "立夏", "芒种", "秋分", "小暑", "寒露", "霜降", "立冬", "小雪", "大寒", "惊蛰", "清明", "雨水", "处暑", "春分",
    "夏至", "半夏", "青黛", "连翘", "佩兰", "远志", "当归",
];

/// The first 720 are all different.
pub fn person(at: usize) -> String {
    let surname = SURNAMES[at % SURNAMES.len()];
    format!("{surname}{}", GIVEN[(at / SURNAMES.len() + at) % GIVEN.len()])
}

/// The first 68 are all different; then they come again with a number.
pub fn customer(at: usize) -> String {
    let all = OCCASIONAL.len() + OCCASIONAL_ABROAD.len();
    let name = OCCASIONAL.iter().chain(&OCCASIONAL_ABROAD).nth(at % all).copied().unwrap_or_default();
    match at / all {
        0 => name.to_owned(),
        again => format!("{name}{}", again + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_the_first_people_have_one_name() {
        let people: std::collections::BTreeSet<String> = (0..720).map(person).collect();
        assert_eq!(people.len(), 720);
    }
}
