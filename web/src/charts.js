// Draws the pictures of a page from the data that stands in it. The table below says the same, also without this.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const draw = (place) => {
  const { days, lines, unit } = JSON.parse(place.querySelector('script[type="application/json"]').textContent);
  const canvas = document.createElement("div");
  canvas.className = "chart-canvas";
  canvas.setAttribute("aria-hidden", "true");
  place.hidden = false;
  place.append(canvas);
  const picture = window.echarts.init(canvas, null, { renderer: "canvas" });
  const paint = () => picture.setOption({
    animation: false,
    textStyle: { fontFamily: "Inter, system-ui, sans-serif", color: token("ink") },
    grid: { left: 48, right: 24, top: 40, bottom: 32 },
    legend: { left: 0, top: 0, itemGap: 20, textStyle: { color: token("ink") } },
    tooltip: { trigger: "axis", backgroundColor: token("sheet"), borderColor: token("line-strong"), textStyle: { color: token("ink"), fontSize: 12 }, valueFormatter: (value) => `${value} ${unit}` },
    xAxis: { type: "category", boundaryGap: false, data: days, axisLabel: { color: token("quiet") }, axisLine: { lineStyle: { color: token("line-strong") } } },
    yAxis: { type: "value", min: 0, max: 100, axisLabel: { color: token("quiet"), formatter: `{value} ${unit}` }, splitLine: { lineStyle: { color: token("line") } } },
    series: lines.map(({ name, tone, symbol, values }) => ({
      name, type: "line", data: values, symbol, symbolSize: 8, lineStyle: { width: 2, color: token(tone) }, itemStyle: { color: token(tone) },
    })),
  });
  paint();
  new ResizeObserver(() => picture.resize()).observe(canvas);
  // Colours are tokens of the theme, which can change while the page is open.
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
};

for (const place of document.querySelectorAll("[data-chart]")) draw(place);
