//! Columns and a line over a sheet's cells.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType, ChartPatternFill, ChartPatternFillType,
    ChartRange, ChartSolidFill, ChartType, Color, Worksheet, XlsxError,
};

use super::formats::MONTH;
use crate::reports::sheet::{self, Area};

/// Reads in black and white: hatched columns, a line with markers.
pub fn insert(page: &mut Worksheet, chart: &sheet::Chart) -> Result<(), XlsxError> {
    let mut bars = Chart::new(ChartType::Column);
    let hatch = ChartPatternFill::new()
        .set_pattern(ChartPatternFillType::DiagonalStripesLightUpwards)
        .set_foreground_color(Color::RGB(0x2F_5D_8A))
        .set_background_color(Color::RGB(0xDC_E6_F1))
        .clone();
    bars.add_series()
        .set_name(chart.bars.0.as_str())
        .set_categories(&range(&chart.categories))
        .set_values(&range(&chart.bars.1))
        .set_gap(60)
        .set_format(ChartFormat::new().set_pattern_fill(&hatch).set_border(ChartLine::new().set_color(Color::RGB(0x2F_5D_8A))));
    if let Some(shares) = &chart.line {
        bars.combine(&line(&chart.categories, shares));
        bars.y2_axis()
            .set_min(0)
            .set_max(f64::from(shares.top) / 100.0)
            .set_num_format("0%")
            .set_name(shares.name.as_str())
            .set_name_font(&font(9))
            .set_font(&font(9))
            .set_major_gridlines(false);
        if shares.top < 100 {
            bars.y2_axis().set_major_unit(f64::from(shares.top) / 500.0);
        }
    }
    bars.title().set_name(chart.title.as_str()).set_font(font(12).set_bold());
    let labels = if chart.slanted { font(9).set_rotation(-45).clone() } else { font(9) };
    bars.x_axis().set_font(&labels).set_text_axis(true);
    if chart.months {
        bars.x_axis().set_num_format(MONTH);
    }
    bars.y_axis().set_min(0).set_num_format("#,##0").set_name(chart.bars_axis.as_str()).set_name_font(&font(9)).set_font(&font(9));
    bars.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9));
    bars.set_alt_text(chart.title.as_str());
    // pixels of a display column and of an empty row in the default font
    bars.set_width(chart.columns as u32 * 8).set_height(chart.rows as u32 * 19);
    page.insert_chart(chart.at.0 as u32, chart.at.1 as u16, &bars)?;
    Ok(())
}

fn line(categories: &Area, shares: &sheet::Line) -> Chart {
    let stroke = match shares.joined {
        true => ChartLine::new().set_color(Color::RGB(0xB0_3A_2E)).set_width(2.0).clone(),
        false => ChartLine::new().set_hidden(true).clone(),
    };
    // seen on a print without colours, before the hatched columns
    let mut ink = ChartFormat::new()
        .set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(0x5B_10_08)))
        .set_border(ChartLine::new().set_color(Color::RGB(0x5B_10_08)))
        .clone();
    let mut line = Chart::new(ChartType::Line);
    line.add_series()
        .set_name(shares.name.as_str())
        .set_categories(&range(categories))
        .set_values(&range(&shares.area))
        .set_secondary_axis(true)
        .set_marker(ChartMarker::new().set_type(ChartMarkerType::Diamond).set_size(7).set_format(&mut ink))
        .set_format(ChartFormat::new().set_line(&stroke));
    line
}

fn font(size: u8) -> ChartFont {
    ChartFont::new().set_name("宋体").set_size(size).clone()
}

fn range(area: &Area) -> ChartRange {
    ChartRange::new_from_range(&area.sheet, area.first.0 as u32, area.first.1 as u16, area.last.0 as u32, area.last.1 as u16)
}
