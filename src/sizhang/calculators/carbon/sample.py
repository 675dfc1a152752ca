"""Invented inventory, hourly CO2 and inversion problem with known truth."""

from __future__ import annotations

import random
from decimal import Decimal

from sizhang.calculators.form.calculator import Options, Sample


def build_inventory_sample(seed: int) -> Sample:
    """Fuels, electricity of one series, heat, process and waste; and lines that must not count."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    coal, power = source.randint(100, 900) * 1000, source.randint(10, 90) * 10_000
    lines = [
        f"电厂,燃料,{coal},t,cn_bituminous,,,3,5",
        "居民燃气,燃料,20000,万m³,cn_natural_gas,,,4,2",
        "水泥,工业过程,300000,t,,0.525,厂内检测,2,4",
        "填埋场,废弃物,50000,t,,0.9,自行核算,15,40",
        f"工业用电,电力,{power},万kWh,grid_prov_2022_山西,,,1,6",
        "居民用电,电力,120000,万kWh,grid_prov_2022_山西,,,1,6",
        "集中供热,热力,8000000,GJ,heat_default,,,5,10",
        "二〇二三年用电,电力,1,万kWh,grid_prov_2023_山西,,,1,6",
        "没有因子,燃料,1,t,,,,1,1",
        "没有出处,工业过程,1,t,,1,,1,1",
        "单位不对,燃料,1,t,cn_natural_gas,,,1,1",
        "范围不对,燃料,1,MWh,grid_ets_2022,,,1,1",
        "数量不清,燃料,约一千,t,cn_coke,,,1,1",
    ]
    head = "source,sector,activity,unit,factor,own_factor_t,own_factor_source,activity_uncertainty_pct,factor_uncertainty_pct"
    truth: dict[str, Decimal | int | str | None] = {
        "scope1_t": (coal * Decimal("2.0715") + 20_000 * Decimal("21.6219") + 157_500 + 45_000).quantize(Decimal("0.01")),
        "scope2_t": ((power + 120_000) * 10 * Decimal("0.7096") + 880_000).quantize(Decimal("0.01")),
    }
    return Sample({"activities.csv": "\n".join([head, *lines]) + "\n"}, truth)


def build_enhancement_sample(seed: int) -> Sample:
    """Ten days at a background and two city stations: 8 and 12 ppm above it, whatever the background does."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    lines = ["station,role,measured_at,co2_ppm,wind_m_s,mixing_height_m"]
    for day in range(1, 11):
        for hour in range(24):
            background, time = Decimal(source.randint(41500, 43000)) / 100, f"2023-04-{day:02} {hour:02}:00:00"
            lines.append(f"山上,背景,{time},{background},,")
            lines += [f"{name},城区,{time},{background + extra},3,800" for name, extra in (("东站", 8), ("西站", 12))]
    lines += ["东站,城区,2023-04-11 13:00:00,431,3,800", "东站,城区,2023-04-12 13:00:00,4310,3,800", "东站,城区,,431,3,800"]
    truth: dict[str, Decimal | int | str | None] = {
        "enhancement_ppm": Decimal("10.00"),
        "hours_used": 50,
        "box_t_h": Decimal("3108.4"),
    }
    return Sample({"hours.csv": "\n".join(lines) + "\n"}, truth, Options(settings={"width_m": "20000"}))


def build_inversion_sample(seed: int) -> Sample:
    """Four sources, one of which emits twice what the inventory says; exact measurements of it."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    prior, truth_t_h = (100, 60, 40, 20), (200, 60, 40, 20)
    sources = ["source,prior_t_h,prior_sd_t_h", *(f"源{n},{value},{value * Decimal('0.6')}" for n, value in enumerate(prior))]
    observations, sensitivities = ["observation,enhancement_ppm,error_ppm"], ["observation,source,ppm_per_t_h"]
    for number in range(40):
        row = [Decimal(source.randint(1, 200)) / 10_000 for _ in prior]
        noise = Decimal(round(source.gauss(0, 0.2), 4))
        enhancement = sum((h * t for h, t in zip(row, truth_t_h, strict=True)), Decimal(0)) + noise
        observations.append(f"o{number},{enhancement:.4f},0.2")
        sensitivities += [f"o{number},源{n},{value}" for n, value in enumerate(row)]
    sensitivities.append("o1,不在清单的源,0.01")
    files = {"sources.csv": sources, "observations.csv": observations, "sensitivities.csv": sensitivities}
    return Sample({name: "\n".join(lines) + "\n" for name, lines in files.items()}, {"prior_t_h": Decimal("220.0")})
