"""The invented person whom the demo applies for: profile, answers, and a resume as a small PDF."""

from __future__ import annotations

import datetime as dt
from typing import Any

PROFILE: dict[str, Any] = {
    "first_name": "Dana",
    "last_name": "Whitlock",
    "email": "dana.whitlock@example.com",
    "phone": "+1 503 555 0142",
    "linkedin_url": "https://www.linkedin.com/in/dana-whitlock-example",
    "location": {"city": "Portland", "state": "Oregon", "country": "United States", "zip": "97205"},
    "work_authorization": "Authorized to work in the United States, no sponsorship needed",
    "salary_expectation": "132,000",
    "years_of_experience": 7,
    "education": [
        {
            "institution": "Oregon State University",
            "degree": "Bachelor's degree",
            "field": "Electrical Engineering",
            "graduation_year": 2017,
        }
    ],
    "work_history": [
        {
            "company": "Brightwater Metering",
            "title": "Embedded Software Engineer",
            "start_date": "2020-03",
            "end_date": "2026-06",
            "description": "Firmware for battery-powered water meters: radio, power budget, field updates.",
        },
        {
            "company": "Alder & Pine Robotics",
            "title": "Junior Firmware Engineer",
            "start_date": "2017-09",
            "end_date": "2020-02",
            "description": "Motor control and test rigs for orchard robots.",
        },
    ],
    "skills": ["C", "Rust", "LoRaWAN", "Power profiling"],
}


def answers() -> dict[str, str]:
    """Return the person's own answers to what a profile does not hold; the start date is always ahead."""
    start = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=45)
    return {
        "Are you legally authorized to work in the country of this position?": "Yes",
        "Will you now or in the future require visa sponsorship?": "No",
        "Preferred office": "Remote (United States)",
        "Earliest start date": start.isoformat(),
        "How did you hear about us?": "A friend or colleague",
        "Why do you want to work at Larkfield?": "Ten years on one battery is the kind of problem I like.",
        "Gender": "I prefer not to say",
        "I agree that Larkfield Instruments processes my data to handle this application": "Yes",
    }


def resume_pdf() -> bytes:
    """Return the resume: one page of text in a standard font, as small as a valid PDF gets."""
    lines = [f"{PROFILE['first_name']} {PROFILE['last_name']}", f"{PROFILE['email']}  {PROFILE['phone']}", ""]
    for job in PROFILE["work_history"]:
        lines += [f"{job['title']}, {job['company']} ({job['start_date']} to {job['end_date']})"]
        lines += [job["description"], ""]
    lines += [f"{school['degree']}, {school['institution']}" for school in PROFILE["education"]]
    text = " ".join(f"({_escaped(line)}) '" for line in lines)
    stream = f"BT /F1 11 Tf 16 TL 60 780 Td {text} ET".encode("latin-1")
    return _assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(*objects: bytes) -> bytes:
    """Join PDF objects, the first being the catalogue, with the table of where each begins."""
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer
