"""Writes suppliers-and-risks.xlsx, a workbook as two departments might keep it.

Run it after you change the rows below: python3 examples/workbook.py (needs openpyxl).
"""

import datetime
import pathlib

import openpyxl
from openpyxl.styles import Font, PatternFill

SUPPLIERS = [
    ("Vendor", "Service type", "Used in", "Tier", "Contract", "AI clauses", "Data location", "Subprocessors",
     "Certifications", "Certificate valid until", "Owner", "Next review", "Exit plan", "Website"),
    ("Idenform Ltd", "Service", "Licence and identity check", "High", "C-2023-118",
     "No use of our data for training; notice of model changes 30 days ahead; incidents within 24 hours; audit right",
     "Ireland", "Skyhost Ireland", "ISO/IEC 27001:2022", datetime.date(2027, 5, 31), "silke.jessen@nordlicht.example",
     datetime.date(2027, 1, 31), "Manual check by staff for up to four weeks; Data deleted 30 days after the end",
     "https://idenform.example"),
    ("Brisk Models SAS", "Model; Service", "Lumi service assistant; Code assistant", "High", "C-2025-007",
     "No training on prompts; notice of model retirement 90 days ahead; documentation under Art. 53 of the AI Act",
     "France", "", "ISO/IEC 42001:2023", datetime.date(2026, 12, 14), "lutz.ebeling@nordlicht.example",
     datetime.date(2026, 11, 30), "Switch to the open model that is kept ready", "https://brisk.example"),
    ("TalentSieve GmbH", "Service", "Applicant screening", "High", "C-2024-061", "Audit right", "Germany", "",
     "none stated", None, "imke.petersen@nordlicht.example", datetime.date(2026, 10, 15), "", "https://talentsieve.example"),
    ("Karosse Systems AG", "Model; Development", "Driver fatigue warning", "High", "C-2025-032",
     "Technical documentation under Annex IV; notice of updates; serious incidents within 24 hours", "In the vehicle", "",
     "IATF 16949", datetime.date(2027, 8, 31), "henning.tietjen@nordlicht.example", datetime.date(2027, 6, 30),
     "The warning can be switched off in each vehicle", "https://karosse.example"),
    ("Kreditlotse AG", "Data; Service", "Payment default score", "High", "C-2021-009",
     "Reasons for a score on request; no sale of queries", "Germany", "", "", None, "jonas.brodersen@nordlicht.example",
     datetime.date(2026, 12, 1), "Invoice payment is switched off", "https://kreditlotse.example"),
    ("Fernruf Cloud GmbH", "Platform", "", "Low", "C-2020-044", "", "Germany", "", "", None, "silke.jessen@nordlicht.example",
     datetime.date(2027, 3, 31), "", "https://fernruf.example"),
]

RISKS = [
    ("Risk ID", "Risk", "Type", "AI system", "Description", "Risk source", "Risk owner", "Likelihood", "Impact on organisation",
     "Impact on individuals", "Impact on society", "Treatment", "Controls", "Residual likelihood", "Residual impact",
     "Due", "Next review", "Status"),
    ("R-01", "Applicants of some groups are ranked lower", "Threat", "Applicant screening",
     "Historic hiring data may carry old preferences into the ranking", "Bias in data", "imke.petersen@nordlicht.example",
     4, 4, 5, 3, "Avoid", "A.5.4, A.7.4, A.10.3", 2, 4, datetime.date(2026, 12, 15), datetime.date(2026, 12, 15), "In treatment"),
    ("R-02", "A customer is charged for damage that was there before", "Threat", "Vehicle damage detection",
     "Poor light or an old photo leads to a wrong finding, and the customer pays", "Insufficient data quality",
     "femke.dirks@nordlicht.example", 3, 3, 4, 1, "Mitigate", "A.6.2.4, A.6.2.6, A.9.3", 2, 3, datetime.date(2026, 9, 30),
     datetime.date(2027, 2, 28), "In treatment"),
    ("R-03", "Lumi gives wrong or harmful advice", "Threat", "Lumi service assistant",
     "The language model invents rules about insurance or safety", "Level of automation", "silke.jessen@nordlicht.example",
     3, 3, 3, 2, "Mitigate", "A.6.2.6, A.8.2, A.9.4", 2, 2, datetime.date(2026, 6, 30), datetime.date(2027, 1, 31), "In treatment"),
    ("R-04", "Instructions hidden in customer messages steer Lumi", "Threat", "Lumi service assistant",
     "A message makes the assistant reveal its instructions or other customers' texts", "Security",
     "lutz.ebeling@nordlicht.example", 4, 3, 3, 2, "Mitigate", "A.6.2.4, A.6.2.8", 2, 2, datetime.date(2026, 10, 31),
     datetime.date(2027, 1, 31), "In treatment"),
    ("R-05", "Fatigue warnings are read as performance data", "Threat", "Driver fatigue warning",
     "Drivers' warnings end up in appraisals; trust and the works agreement suffer", "Lack of transparency",
     "henning.tietjen@nordlicht.example", 2, 3, 4, 2, "Mitigate", "A.5.4, A.8.2, A.9.2", 1, 3, datetime.date(2026, 8, 31),
     datetime.date(2026, 12, 1), "In treatment"),
    ("R-06", "The face match rejects people with darker skin more often", "Threat", "Licence and identity check",
     "Error rates differ between groups; rejected people wait longer", "Bias in data", "silke.jessen@nordlicht.example",
     3, 3, 4, 3, "Mitigate", "A.5.4, A.6.2.4, A.10.3", 2, 3, datetime.date(2026, 11, 15), datetime.date(2027, 1, 31), "analysed"),
    ("R-07", "Invoice payment is refused without a reason that holds", "Threat", "Payment default score",
     "Staff follow the score without looking at the case", "Lack of transparency", "jonas.brodersen@nordlicht.example",
     3, 3, 4, 2, "Mitigate", "A.8.2, A.9.2, A.9.3", 2, 3, datetime.date(2026, 12, 31), datetime.date(2026, 12, 31), "identified"),
    ("R-08", "Prices rise steeply during an emergency", "Threat", "Dynamic pricing",
     "Demand after an evacuation lifts prices to the cap", "Complexity of environment", "jonas.brodersen@nordlicht.example",
     2, 4, 3, 4, "Mitigate", "A.6.2.6, A.9.4", 1, 3, datetime.date(2026, 3, 31), datetime.date(2027, 3, 31), "In treatment"),
    ("R-09", "Our own source code reaches the model's vendor", "Threat", "Code assistant",
     "Snippets with secrets leave the company", "Security", "lutz.ebeling@nordlicht.example", 2, 3, 1, 1, "Retain",
     "A.10.3", 2, 2, None, datetime.date(2027, 1, 20), "evaluated"),
    ("R-10", "Nobody notices that a forecast has drifted", "Threat", "Fleet demand forecast",
     "Construction sites change traffic; cars stand in the wrong place for weeks", "System life cycle issues",
     "maren.ohlsen@nordlicht.example", 3, 2, 1, 1, "Mitigate", "A.6.2.6", 1, 2, datetime.date(2026, 5, 31),
     datetime.date(2027, 3, 31), "In treatment"),
]


def sheet(workbook, title, rows):
    """One table with a bold first row, as people make them."""
    page = workbook.create_sheet(title)
    for row in rows:
        page.append(row)
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE8F0")
    page.freeze_panes = "A2"


workbook = openpyxl.Workbook()
workbook.remove(workbook.active)
sheet(workbook, "Suppliers", SUPPLIERS)
sheet(workbook, "Risks", RISKS)
moment = datetime.datetime(2026, 1, 12, 9)
workbook.properties.created = workbook.properties.modified = moment
workbook.save(pathlib.Path(__file__).with_name("suppliers-and-risks.xlsx"))
