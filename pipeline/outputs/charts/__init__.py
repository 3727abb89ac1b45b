"""One public function a chart: finished tables in, described charts out. Only counts and means are computed here.

    from pipeline.outputs.charts.scope import lay_out
    from pipeline.outputs.charts.indicators import indicator_heatmap

    scope = lay_out(tables.reports, tables.coverage)
    indicator_heatmap(scope, tables.indicator_values, indicator)[0]        # shows itself in a notebook

A function gives a list of `Chart` (several when the departments fill more than one page) or a `NoChart` that says why
these data cannot be drawn. `stage.build_charts` makes them all; `stage.draw_charts` is the stage that writes the files.
A headline is computed from the same cells that are drawn; where they hold no finding it only names the matter (…情况).

    kind                  module        what it shows
    indicator_heatmap     indicators    one indicator, departments × years; with one year only, ranked with intervals
    indicator_change      changes       one indicator, the two latest years as dumbbells with intervals
    theme_shares          themes        every theme's share of the text over the years
    theme_departments     themes        each department on the theme that moved most
    department_terms      terms         the words each department uses more than the others
    year_terms            terms         the words each year uses more than the others
    reuse_matrix          reuse         share of sentences taken from the department's own earlier reports
    reuse_other_matrix    reuse         share of sentences shared with other departments
    checklist_matrix      checks        checks × departments for the latest year
    quantity_density      density       quantities per 1,000 characters
    disclosure_rates      disclosure    share of the indicators that a report answers
    commitment_outcomes   commitments   plans, by what next year's report says of them

To add a chart: one function in a module here, and its line in `stage.build_charts`.
"""
