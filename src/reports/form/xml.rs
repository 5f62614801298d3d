//! A part of the package as a tree that knows where everything stands, and edits that leave the rest of the text as it was.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};

/// Deeper than any program writes.
const DEEPEST: usize = 64;

/// One element with the bytes that it takes up.
#[derive(Debug)]
pub struct Element<'x> {
    tag: BytesStart<'x>,
    /// From `<` to `>` of the opening tag.
    pub open: Range<usize>,
    /// Between the opening and the closing tag.
    pub inner: Range<usize>,
    pub whole: Range<usize>,
    /// Character data directly below, entities resolved.
    pub text: String,
    pub children: Vec<Element<'x>>,
}

/// The root element.
///
/// # Errors
/// What is wrong with the text, as the parser says it.
pub fn parse(source: &str) -> Result<Element<'_>, String> {
    let mut reader = Reader::from_str(source);
    let mut open: Vec<Element<'_>> = Vec::new();
    let mut root = None;
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|e| e.to_string())?;
        let end = position(&reader);
        let closed = match event {
            Event::Start(tag) => {
                if open.len() == DEEPEST {
                    return Err(format!("嵌套超过 {DEEPEST} 层"));
                }
                open.push(Element::new(tag, start..end));
                None
            }
            Event::Empty(tag) => Some(Element::new(tag, start..end)),
            Event::End(_) => open.pop().map(|mut element| {
                element.inner.end = start;
                element.whole.end = end;
                element
            }),
            Event::Eof => break,
            Event::DocType(_) => return Err("有文档类型声明".to_owned()),
            other => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&characters(&other)?);
                }
                None
            }
        };
        match (closed, open.last_mut()) {
            (Some(element), Some(parent)) => parent.children.push(element),
            (Some(element), None) => root = Some(element),
            (None, _) => {}
        }
    }
    root.filter(|_| open.is_empty()).ok_or_else(|| "不完整".to_owned())
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn characters<'e>(event: &'e Event<'_>) -> Result<Cow<'e, str>, String> {
    Ok(match event {
        Event::Text(text) => text.xml10_content(),
        Event::CData(text) => text.xml10_content(),
        Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|e| e.to_string())? {
            Some(char) => Cow::Owned(char.to_string()),
            None => Cow::Borrowed(escape::resolve_predefined_entity(name).ok_or_else(|| format!("不认识的实体 &{};", &**name))?),
        },
        _ => Cow::Borrowed(""),
    })
}

impl<'x> Element<'x> {
    fn new(tag: BytesStart<'x>, open: Range<usize>) -> Self {
        Self { tag, inner: open.end..open.end, whole: open.clone(), open, text: String::new(), children: Vec::new() }
    }

    /// `row` of `x:row`.
    pub fn name(&self) -> &str {
        self.tag.local_name().into_inner()
    }

    /// `x:` of `x:row`; what is written below must bear it as well.
    pub fn prefix(&self) -> &str {
        let name = self.tag.name().into_inner();
        &name[..name.len() - self.name().len()]
    }

    pub fn children<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element<'x>> + 'e {
        self.children.iter().filter(move |child| child.name() == name)
    }

    pub fn child(&self, name: &str) -> Option<&Element<'x>> {
        self.children.iter().find(|child| child.name() == name)
    }

    /// By local name: `id` finds `r:id`.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let found = self.tag.attributes().with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name)?;
        Some(escape::unescape(&found.value).map_or_else(|_| found.value.clone().into_owned(), Cow::into_owned))
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Every element below and this one, parents first.
    pub fn visit<'e>(&'e self, see: &mut dyn FnMut(&'e Element<'x>)) {
        see(self);
        for child in &self.children {
            child.visit(see);
        }
    }

    /// The opening tag with some attributes set anew (`None` takes one away), the others as they were.
    pub fn tag_with(&self, changes: &[(&str, Option<String>)]) -> String {
        let mut out = format!("<{}", self.tag.name().into_inner());
        let mut left: Vec<_> = changes.iter().collect();
        for attribute in self.tag.attributes().with_checks(false).flatten() {
            let key = attribute.key.into_inner();
            let change = left.iter().position(|(name, _)| *name == key).map(|at| left.remove(at));
            match change {
                Some((_, Some(value))) => push_attribute(&mut out, key, &escape::escape(value.as_str())),
                Some((_, None)) => {}
                None => push_attribute(&mut out, key, &attribute.value.replace('"', "&quot;")),
            }
        }
        for (key, value) in left {
            if let Some(value) = value {
                push_attribute(&mut out, key, &escape::escape(value.as_str()));
            }
        }
        out.push_str(if self.is_empty() { "/>" } else { ">" });
        out
    }

    /// `<a/>`
    pub fn is_empty(&self) -> bool {
        self.open.end == self.whole.end
    }
}

fn push_attribute(out: &mut String, key: &str, escaped: &str) {
    out.extend([" ", key, "=\"", escaped, "\""]);
}

/// Changes of a text, by place.
#[derive(Debug, Default)]
pub struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub fn replace(&mut self, range: Range<usize>, with: String) {
        self.0.push((range, with));
    }

    pub fn set_attributes(&mut self, element: &Element<'_>, changes: &[(&str, Option<String>)]) {
        self.replace(element.open.clone(), element.tag_with(changes));
    }

    pub fn set_text(&mut self, element: &Element<'_>, text: &str) {
        self.replace(element.inner.clone(), escape::partial_escape(text).into_owned());
    }

    /// `None`: nothing was changed.
    pub fn apply(mut self, source: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(source.len() + self.0.iter().map(|(_, with)| with.len()).sum::<usize>());
        let mut at = 0;
        for (range, with) in self.0 {
            out.push_str(&source[at..range.start]);
            out.push_str(&with);
            at = range.end;
        }
        out.push_str(&source[at..]);
        Some(out)
    }
}
