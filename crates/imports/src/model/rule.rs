//! Why imports refuse.

use super::BatchState;

/// Why imports refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportRule {
    /// More bytes than are taken.
    TooLarge,
    /// Too many lines or columns.
    TooMuch,
    /// Neither a spreadsheet nor separated text, or broken.
    Unreadable,
    /// No line below the headings.
    Empty,
    /// The step does not exist in this state.
    NotNow(BatchState),
    /// Lines are wrong still.
    Faults(i32),
    /// The same file is in already.
    Twice,
    /// Business was done with what it made: what sort of thing, and with how many households.
    InUse(Vec<(String, i64)>),
    /// The mapping lacks columns.
    Unmapped,
    /// Nothing was charged for that season.
    NothingToCompare,
    /// The shadow run is not done yet.
    StillRunning,
    /// A line is in already, or the number of its cells is another.
    LineFixed,
    /// What was pasted is no table of totals: the first line that is wrong.
    NoTotals(usize),
}

/// What stands in the way of an undo, in people's words.
pub(crate) fn business(what: &str) -> (&'static str, &'static str) {
    match what {
        "payment" | "credit" => ("缴费", "payments"),
        "import" => ("后续导入的缴费", "payments that were imported later"),
        "adjustment" => ("减免或核销", "adjustments"),
        w if w.starts_with("ledger.") => ("账务", "postings"),
        w if w.starts_with("billing.hold") => ("限制", "holds"),
        w if w.starts_with("billing.charge") => ("收费", "charges"),
        w if w.starts_with("billing.") => ("收费业务", "fee business"),
        w if w.starts_with("payments.") => ("缴费", "payments"),
        w if w.starts_with("orders.") => ("工单", "orders"),
        w if w.starts_with("telephony.") => ("通话", "calls"),
        "directory.document" => ("资料", "papers"),
        "directory.meter" => ("计量表", "meters"),
        "directory.change" => ("资料变更", "changes of facts"),
        w if w.starts_with("directory.") => ("客户资料", "customers' data"),
        _ => ("其他业务", "other business"),
    }
}

fn listed(ways: &[(String, i64)], english: bool) -> String {
    let mut said: Vec<(&str, i64)> = Vec::new();
    for (what, many) in ways {
        let (zh, en) = business(what);
        let word = if english { en } else { zh };
        match said.iter_mut().find(|(w, _)| *w == word) {
            Some((_, most)) => *most = (*most).max(*many),
            None => said.push((word, *many)),
        }
    }
    let one = |(word, many): &(&str, i64)| {
        if english { format!("{word} ({many})") } else { format!("{word} {many} 户") }
    };
    let all: Vec<String> = said.iter().map(one).collect();
    all.join(if english { ", " } else { "、" })
}

impl kernel::Rule for ImportRule {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "imports.too_large",
            Self::TooMuch => "imports.too_much",
            Self::Unreadable => "imports.unreadable",
            Self::Empty => "imports.empty",
            Self::NotNow(_) => "imports.not_now",
            Self::Faults(_) => "imports.faults",
            Self::Twice => "imports.twice",
            Self::InUse(_) => "imports.in_use",
            Self::Unmapped => "imports.unmapped",
            Self::NothingToCompare => "imports.nothing_to_compare",
            Self::StillRunning => "imports.still_running",
            Self::LineFixed => "imports.line_fixed",
            Self::NoTotals(_) => "imports.no_totals",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::TooLarge => "文件过大，请拆分后再导入（每个文件不超过 256 MB）".into(),
            Self::TooMuch => "行数或列数过多，请拆分后再导入（每个文件不超过一百万行）".into(),
            Self::Unreadable => "文件无法读取：请上传 xlsx 或 csv 文件".into(),
            Self::Empty => "文件中没有数据行".into(),
            Self::NotNow(state) => format!("导入批次{}，不能进行此操作", state.words().0),
            Self::Faults(n) => format!("还有 {n} 行有错误，请改正或排除后再提交"),
            Self::Twice => "同一文件已经导入过".into(),
            Self::InUse(ways) => format!("已发生业务，不能撤销：{}", listed(ways, false)),
            Self::Unmapped => "列对应关系不完整".into(),
            Self::NothingToCompare => "该采暖季没有应收，无从比较".into(),
            Self::StillRunning => "影子计费尚未完成".into(),
            Self::LineFixed => "该行不能修改".into(),
            Self::NoTotals(n) => format!("第 {n} 行不是控制总数"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::TooLarge => "The file is too large: at most 256 MB each".into(),
            Self::TooMuch => "Too many lines or columns: at most a million lines each".into(),
            Self::Unreadable => "The file cannot be read: xlsx or csv are taken".into(),
            Self::Empty => "There is no line in the file".into(),
            Self::NotNow(state) => format!("The import is {}: not now", state.words().1),
            Self::Faults(n) => format!("{n} lines have faults still"),
            Self::Twice => "The same file went in before".into(),
            Self::InUse(ways) => {
                format!("Business was done since, it cannot be undone: {}", listed(ways, true))
            }
            Self::Unmapped => "The columns are not all mapped".into(),
            Self::NothingToCompare => "Nothing was charged for that season".into(),
            Self::StillRunning => "The shadow run is not done yet".into(),
            Self::LineFixed => "That line cannot be changed".into(),
            Self::NoTotals(n) => format!("Line {n} is no control total"),
        }
    }
}
