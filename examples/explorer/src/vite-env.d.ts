// The charts ship without types; stardust says what a chart is.
declare module '@nebula.js/sn-bar-chart' {
  const chart: import('@nebula.js/stardust').stardust.Visualization
  export default chart
}
declare module '@nebula.js/sn-filter-pane' {
  const chart: import('@nebula.js/stardust').stardust.Visualization
  export default chart
}
declare module '@nebula.js/sn-kpi' {
  const chart: import('@nebula.js/stardust').stardust.Visualization
  export default chart
}
declare module '@nebula.js/sn-line-chart' {
  const chart: import('@nebula.js/stardust').stardust.Visualization
  export default chart
}
declare module '@nebula.js/sn-pie-chart' {
  const chart: import('@nebula.js/stardust').stardust.Visualization
  export default chart
}
declare module '@nebula.js/sn-table' {
  const chart: import('@nebula.js/stardust').stardust.Visualization
  export default chart
}
