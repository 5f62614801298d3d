//! The fields that a rule can name: a dataset's own, those looked up from another dataset, and derived ones.

use std::sync::Arc;

use super::{Dataset, FieldType};

/// One field as rules see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeField {
    pub name: String,
    pub ty: FieldType,
    /// For `one_of`.
    pub values: Vec<String>,
}

/// All fields of one dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub dataset: String,
    /// The field that places a row in a month.
    pub at: Option<String>,
    pub fields: Vec<ShapeField>,
}

impl Shape {
    pub fn field(&self, name: &str) -> Option<&ShapeField> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// The fields of every dataset, in the order of the datasets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shapes(pub Vec<Shape>);

impl Shapes {
    pub fn new(datasets: &[Arc<Dataset>]) -> Self {
        let own = |dataset: &Dataset, names: Option<&[String]>| -> Vec<ShapeField> {
            let wanted = dataset.fields.iter().filter(|f| names.is_none_or(|names| names.contains(&f.name)));
            wanted.map(|f| ShapeField { name: f.name.clone(), ty: f.ty, values: f.values.clone() }).collect()
        };
        let shapes = datasets.iter().map(|dataset| {
            let mut fields = own(dataset, None);
            for lookup in &dataset.lookups {
                if let Some(other) = datasets.iter().find(|d| d.name == lookup.from) {
                    let taken = own(other, Some(&lookup.take));
                    fields.extend(taken.into_iter().filter(|f| dataset.field(&f.name).is_none()));
                }
            }
            Shape { dataset: dataset.name.clone(), at: dataset.at.clone(), fields }
        });
        Self(shapes.collect())
    }

    pub fn get(&self, dataset: &str) -> Option<&Shape> {
        self.0.iter().find(|s| s.dataset == dataset)
    }

    /// A derived field; a field of the same name is replaced.
    pub fn add(&mut self, dataset: &str, field: ShapeField) {
        if let Some(shape) = self.0.iter_mut().find(|s| s.dataset == dataset) {
            shape.fields.retain(|f| f.name != field.name);
            shape.fields.push(field);
        }
    }
}
